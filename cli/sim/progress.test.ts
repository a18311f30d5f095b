import { expect, test } from "vitest";
import { sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { redrawnLine } from "../status-line.ts";
import { EmulatedTerminal } from "../ui/test-support/emulated-terminal.ts";
import { campaignProgress } from "./progress.ts";

const seedDone = (seed: number, verdict: "valid" | "invalid" | "unknown", summary: string) => ({
  ...{ seed, options: {} },
  trial: { verdict, summary, failure: null },
});

test.each([
  [60, /^3 of 10 seeds, 1 failed, 14s left, 3000 operations, 15 virt…$/],
  [100, /^3 of 10 seeds, 1 failed, 14s left, 3000 operations, 15 virtual seconds per second$/],
])("at %i columns, runs that were not valid stay above how far the campaign is", async (columns, line) => {
  const terminal = new EmulatedTerminal(columns, 20);
  const time = new VirtualTime();
  using status = redrawnLine(terminal, time, "q stops and prints the results so far");
  const tell = campaignProgress({ first: 1, last: 10 }, status, time);
  const runs = [
    seedDone(1, "valid", ""),
    seedDone(2, "invalid", "2 reads were stale"),
    seedDone(3, "unknown", "not decided"),
  ];
  await time.run(async () => {
    for (const [at, run] of runs.entries()) {
      await sleepMs(time, 2000);
      tell(run, { done: at + 1, operations: 1000 * (at + 1), virtualMs: 30_000 * (at + 1) });
    }
    await sleepMs(time, 250);
  });
  const lines = await terminal.lines();
  expect(lines.slice(0, 2)).toEqual(["✗ seed 2: 2 reads were stale", "? seed 3: not decided"]);
  expect(lines[2]).toMatch(line);
  expect(lines[3]).toBe("q stops and prints the results so far");
});
