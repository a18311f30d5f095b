import { expect, test } from "vitest";
import type { LoadPhase } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { analyze } from "../analyze.ts";
import { checkers, withoutPlan } from "../registry.ts";
import { phase, runHistory } from "../test-support/run-history.ts";

const operations = `
  2.0 0 invoke write 1
  2.1 0 ok     write 1
  2.2 0 invoke read
  2.3 0 ok     read 1`;
const finalRead = `
  61.2 0 invoke read
  61.3 0 ok     read 1`;
const stale = operations.replace("ok     read 1", "ok     read null");
const load: LoadPhase = {
  phase: "load",
  timeLimitMs: 60_000,
  rate: 10,
  concurrency: 2,
  minLoadShare: 0.5,
  withFaults: false,
};
const begun = [phase(0, { phase: "start" }), phase(1, load)];
const ended = [phase(61.1, { phase: "final-reads" }), phase(62, { phase: "stop" }), phase(63, { phase: "end" })];

function judge(text: string, annotations: readonly HistoryEvent[]) {
  const all = withoutPlan.map((name) => checkers[name]);
  const { verdict, summary, inconclusive = [] } = analyze(runHistory(text, annotations), all);
  return { verdict, summary, codes: inconclusive.map(({ code }) => code) };
}

test("a run that came to its end is judged by its checkers alone", () => {
  expect(judge(operations + finalRead, [...begun, ...ended])).toMatchObject({ verdict: "valid", codes: [] });
});

test("an interrupted run is unknown with how far it came, unless it is invalid already", () => {
  const stopped = [
    phase(13.3, { phase: "interrupted", by: "SIGTERM" }),
    phase(14, { phase: "stop" }),
    phase(15, { phase: "end" }),
  ];
  const interrupted = judge(operations, [...begun, ...stopped]);
  expect(interrupted).toMatchObject({ verdict: "unknown", codes: ["interrupted"] });
  expect(interrupted.summary).toBe(
    "interrupted by SIGTERM after 12.3 s of 60 s; no violation found: 2 operations on 1 key are linearizable",
  );
  expect(judge(stale, [...begun, ...stopped]).verdict).toBe("invalid");
});

test("an interruption is told by where it came: before the load, in the final reads, or after everything was done", () => {
  const interrupted = (atSeconds: number) => phase(atSeconds, { phase: "interrupted" });
  expect(judge("", [phase(0, { phase: "start" }), interrupted(0.5), phase(1, { phase: "end" })]).summary).toMatch(
    /^interrupted before its load began; /,
  );
  expect(judge(operations, [...begun, interrupted(61.15), ...ended]).summary).toMatch(
    /^interrupted after its load of 60 s, before its final reads were done; /,
  );
  expect(judge(operations + finalRead, [...begun, ...ended, interrupted(62.5)])).toMatchObject({
    verdict: "valid",
    codes: [],
  });
});

test("a history without its end is unknown: nobody knows what the rest would have shown", () => {
  const cut = judge(operations, begun);
  expect(cut).toMatchObject({ verdict: "unknown", codes: ["unfinished"] });
  expect(cut.summary).toMatch(/^the history ends after 1\.3 s of 60 s, and the run did not: its controller was killed/);
  expect(judge(stale, begun).verdict).toBe("invalid");
});

test("a run in which a stage failed is unknown, and says what failed", () => {
  const failed = [
    phase(31, { phase: "failed", reason: "load and faults: stuck while healing pause:one on n1" }),
    phase(31.1, { phase: "stop" }),
    phase(32, { phase: "end" }),
  ];
  const judged = judge(operations, [...begun, ...failed]);
  expect(judged).toMatchObject({ verdict: "unknown", codes: ["stage-failed"] });
  expect(judged.summary).toMatch(/^the run failed after 30 s of 60 s: load and faults: stuck while healing pause:one/);
});

test("a run that stopped early without an interruption is unknown as well", () => {
  const stopped = [phase(31, { phase: "stop" }), phase(32, { phase: "end" })];
  const judged = judge(operations, [...begun, ...stopped]);
  expect(judged).toMatchObject({ verdict: "unknown", codes: ["unfinished"] });
  expect(judged.summary).toMatch(/^the run stopped after 30 s of 60 s; /);
});

test("a run whose final reads got no answer is unknown; some keys without one are a warning", () => {
  const lost = `
    61.2 0 invoke read
    61.3 0 info   read`;
  const judged = judge(operations + lost, [...begun, ...ended]);
  expect(judged).toMatchObject({ verdict: "unknown", codes: ["final-reads-unanswered"] });
  expect(judged.summary).toMatch(/^none of 1 final reads was answered/);
  const other = `
    61.4 1 invoke read /y
    61.5 1 fail   read /y`;
  const all = withoutPlan.map((name) => checkers[name]);
  const some = analyze(runHistory(operations + finalRead + other, [...begun, ...ended]), all);
  expect(some).toMatchObject({ verdict: "valid", warnings: ["no final read of y was answered"] });
});

test("a run whose planned faults never came is unknown", () => {
  const planned = [phase(0, { phase: "start" }), phase(1, { ...load, withFaults: true })];
  const judged = judge(operations + finalRead, [...planned, ...ended]);
  expect(judged).toMatchObject({ verdict: "unknown", codes: ["no-fault-injected"] });
  expect(judged.summary).toMatch(/^none of the planned faults was injected; no violation found: /);
});
