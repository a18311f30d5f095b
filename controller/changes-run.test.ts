import { expect, test } from "vitest";
import type { FaultRecord } from "../history/annotations.ts";
import type { ChangeFault, FaultSite } from "../nemesis/fault.ts";
import type { ScheduledChange } from "../nemesis/schedule.ts";
import { randomStream } from "../random/stream.ts";
import { runChanges } from "./changes-run.ts";
import { nsPerMs, type RunClock } from "./clock.ts";

const variant = { name: "any", description: "", minNodes: 1, aimsAtLeader: false, choose: () => ({ nodes: ["n2"] }) };

async function carryOut(atMs: readonly number[], takesMs: number, healedByMs: number): Promise<string[]> {
  let nowNs = 0;
  const clock: RunClock = {
    nowNs: () => nowNs,
    sleepUntilNs: async (timeNs) => {
      nowNs = Math.max(nowNs, timeNs);
    },
  };
  const fault: ChangeFault = {
    name: "transfer",
    kind: "change",
    asks: "administration",
    description: "",
    needs: [],
    variants: [variant],
    band: { label: "", color: "" },
    make: async () => {
      nowNs += takesMs * nsPerMs;
      return [{ subject: "n2", observation: "n2 leads", proves: true }];
    },
  };
  const told: string[] = [];
  await runChanges({
    schedule: atMs.map((at, place): ScheduledChange => ({ id: place + 1, atMs: at, fault, variant })),
    healedByNs: healedByMs * nsPerMs,
    site: {} as FaultSite,
    clock,
    random: randomStream(1, "changes"),
    look: async () => ({ nodes: ["n1", "n2"], leader: "n1", members: null }),
    record: ({ id }, { action, effective, startedNs }: FaultRecord) =>
      told.push(`${action} ${id} from ${startedNs / nsPerMs} to ${nowNs / nsPerMs} ${effective}`),
    signal: new AbortController().signal,
  });
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
