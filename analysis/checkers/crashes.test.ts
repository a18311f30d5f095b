import { expect, test } from "vitest";
import type { ProcessEndRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { crashesChecker } from "./crashes.ts";

const looked: HistoryEvent = {
  ...{ index: 0, time: 0, process: "observer", type: "info" },
  ...{ f: "node", value: { node: "n1", role: "follower" } },
};
const ended: ProcessEndRecord = {
  ...{ node: "n2", endedNs: 12_345_678_900, code: 70, signal: null },
  lastLine:
    '{"level":60,"msg":"the node stops: violated: commit <= last","err":{"message":"violated: commit <= last"}}',
};
const told = (...ends: ProcessEndRecord[]): HistoryEvent[] => [
  looked,
  ...ends.map(
    (value, at): HistoryEvent => ({ ...looked, index: at + 1, process: "controller", f: "process-end", value }),
  ),
];

test("a process that crashed condemns the store, with how it ended and what it said last", () => {
  expect(crashesChecker.check(told(ended))).toMatchObject({
    verdict: "invalid",
    summary: "n2 crashed after 12.346 s (exit code 70): the node stops: violated: commit <= last",
    ends: [ended],
  });
  const killed = { ...ended, code: null, signal: "SIGSEGV", lastLine: null };
  const { summary } = crashesChecker.check(told(killed, ended, { ...ended, node: "n1" }));
  expect(summary).toBe("n2 crashed after 12.346 s (SIGSEGV): it had logged nothing; 2 more crashes, of n1, n2");
});

test("an end that the machine is to blame for is told of and accuses nobody", () => {
  expect(crashesChecker.check(told({ ...ended, code: 75, excuse: "its disk was full" }))).toMatchObject({
    verdict: "valid",
    summary: "no node crashed, but n2, as its disk was full",
  });
});

test("no end is valid where somebody looked, and unknown where nobody did", () => {
  expect(crashesChecker.check(told())).toMatchObject({ verdict: "valid", summary: "no node crashed" });
  expect(crashesChecker.check([])).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
});
