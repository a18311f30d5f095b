import { expect, test } from "vitest";
import type { FaultRecord } from "../../history/annotations.ts";
import type { ChangeFault, FaultSite } from "../../nemesis/fault.ts";
import type { ScheduledChange } from "../../nemesis/schedule.ts";
import { randomStream } from "../../random/stream.ts";
import { nowMs, nsPerMs, sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { runChanges } from "./changes-run.ts";
import { Nemesis } from "./nemesis.ts";

const variant = { name: "any", description: "", minNodes: 1, aimsAtLeader: false, choose: () => ({ nodes: ["n2"] }) };

async function carryOut(atMs: readonly number[], takesMs: number, healedByMs: number): Promise<string[]> {
  const clock = new VirtualTime();
  const fault: ChangeFault = {
    name: "transfer",
    kind: "change",
    asks: [],
    description: "",
    needs: [],
    variants: [variant],
    band: { label: "", color: "" },
    make: async () => {
      await sleepMs(clock, takesMs);
      return [{ subject: "n2", observation: "n2 leads", proves: true }];
    },
  };
  const told: string[] = [];
  const schedule = atMs.map((at, place): ScheduledChange => ({ id: place + 1, atMs: at, fault, variant }));
  await using nemesis = new Nemesis({
    site: {} as FaultSite,
    clock,
    doing: () => {},
    look: async () => ({ nodes: ["n1", "n2"], leader: "n1", members: null }),
    chosen: () => {},
    record: ({ id }, { action, effective, startedNs }: FaultRecord) =>
      told.push(`${action} ${id} from ${startedNs / nsPerMs} to ${nowMs(clock)} ${effective}`),
  });
  const run = {
    clock,
    random: randomStream(1, "changes"),
    healedByNs: healedByMs * nsPerMs,
    signal: new AbortController().signal,
  };
  await clock.run(() => runChanges(nemesis, schedule, run));
  return told;
}

test("changes are made at their times; one that takes long delays the next, which is not left out", async () => {
  expect(await carryOut([2000, 4000, 9000], 3000, 60_000)).toEqual([
    "change 1 from 2000 to 5000 true",
    "change 2 from 5000 to 8000 true",
    "change 3 from 9000 to 12000 true",
  ]);
});

test("none begins when the load needs the rest of the time to recover", async () => {
  expect(await carryOut([2000, 4000], 100, 3000)).toEqual(["change 1 from 2000 to 2100 true"]);
});
