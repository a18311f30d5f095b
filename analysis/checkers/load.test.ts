import { expect, test } from "vitest";
import type { LoadPhase } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { phase } from "../test-support/run-history.ts";
import { loadChecker } from "./load.ts";

/** What one operation did, in seconds since the load began. */
interface Sent {
  readonly due: number;
  readonly at?: number;
  readonly until?: number;
  readonly type?: "ok" | "fail" | "info";
}

const plan: LoadPhase = {
  ...{ phase: "load", timeLimitMs: 10_000, rate: 10, concurrency: 2, minLoadShare: 0.5, withFaults: false },
};

/** A load from second 1 to 11, and its final reads. */
function check(operations: readonly Sent[], changed: Partial<LoadPhase> = {}, phases?: readonly HistoryEvent[]) {
  const of = ({ due, at = due, until = at + 0.01, type = "ok" }: Sent, process: number): HistoryEvent[] => {
    const operation = { index: 0, process, f: "read", key: "x" };
    const intended = at > due ? { intendedNs: (1 + due) * 1e9 } : {};
    return [
      { ...operation, time: (1 + at) * 1e9, type: "invoke", value: null, ...intended },
      { ...operation, time: (1 + until) * 1e9, type, value: 1 },
    ];
  };
  const events = [
    phase(1, { ...plan, ...changed }),
    ...operations.flatMap(of),
    ...(phases ?? [phase(11.5, { phase: "final-reads" })]),
  ];
  const inOrder = events.sort((one, other) => one.time - other.time).map((event, index) => ({ ...event, index }));
  const { verdict, summary, cause, warnings = [], requested, sent, answered, late } = loadChecker.check(inOrder);
  return { verdict, summary, code: cause?.code, warnings, requested, sent, answered, late };
}

const every = (seconds: number, count: number, changed: Partial<Sent> = {}): Sent[] =>
  Array.from({ length: count }, (_, place) => ({ due: place * seconds, ...changed }));

test("a load that was sent as requested is valid, with its figures", () => {
  expect(check(every(0.1, 100))).toEqual({
    ...{ verdict: "valid", code: undefined, warnings: [], requested: 100, sent: 100, answered: 100, late: 0 },
    summary: "100 % (100 of 100) of the requested operations sent, 100 of them answered",
  });
});

test("below four fifths the reader is told, and below the required share the run is unknown", () => {
  expect(check(every(0.1, 79))).toMatchObject({
    verdict: "valid",
    warnings: ["load: only 79 % (79 of 100) of the requested 10 a second were sent"],
  });
  expect(check(every(0.1, 50)).verdict).toBe("valid");
  expect(check(every(0.1, 49))).toMatchObject({
    verdict: "unknown",
    code: "too-little-load",
    summary: "only 49 % (49 of 100) of the requested operations were sent; 50 % are required",
  });
  expect(check(every(0.1, 49), { minLoadShare: 0.1 }).verdict).toBe("valid");
});

test("a run whose operations were hardly ever answered is unknown with the figures", () => {
  const answered = (count: number, type: "fail" | "info") =>
    every(0.1, 100).map((sent, place) => (place < count ? sent : { ...sent, type }));
  expect(check(answered(10, "info")).verdict).toBe("valid");
  for (const type of ["info", "fail"] as const) {
    expect(check(answered(9, type))).toMatchObject({
      verdict: "unknown",
      code: "too-few-answers",
      summary: "only 9 % (9 of 100) of the sent operations were answered; 10 % are required",
      answered: 9,
    });
  }
  expect(check(answered(9, "info"), { minAnsweredShare: 0.05 }).verdict).toBe("valid");
});

test("a closed loop requests no rate, but has to send something", () => {
  expect(check(every(1, 3), { rate: 0 })).toMatchObject({ verdict: "valid", requested: null, sent: 3 });
  expect(check([], { rate: 0 })).toMatchObject({ verdict: "unknown", code: "no-load" });
});

test("an operation that waits for a free client is late for the store's sake, one that does not for the controller's", () => {
  const busy: Sent[] = [
    { due: 0, until: 5 },
    { due: 0.1, until: 5.01 },
  ];
  const waited: Sent = { due: 0.2, at: 5.02 };
  expect(check([...busy, waited], { minLoadShare: 0 }).late).toBe(0);
  const forgotten: Sent = { due: 0.2, at: 5.5 };
  expect(check([...busy, forgotten], { minLoadShare: 0 }).late).toBe(1);
  expect(check([busy[0]!, { due: 0.2, at: 0.4 }], { minLoadShare: 0 }).late).toBe(1);
});

test("a controller that sends late is told of, and half of all make the run unknown", () => {
  const late = (count: number) =>
    every(0.1, 100).map((sent, place) => (place < count ? { ...sent, at: sent.due + 0.15 } : sent));
  expect(check(late(4)).warnings).toEqual([]);
  expect(check(late(5))).toMatchObject({
    verdict: "valid",
    warnings: ["load: the controller sent 5 % (5 of 100) of the operations late, though a client was free"],
  });
  expect(check(late(50))).toMatchObject({ verdict: "unknown", code: "controller-late" });
});

test("what an interrupted load had no time for was not requested", () => {
  const interrupted = [phase(6, { phase: "interrupted" }), phase(9, { phase: "stop" }), phase(10, { phase: "end" })];
  expect(check(every(0.1, 50), {}, interrupted)).toMatchObject({ verdict: "valid", requested: 50, sent: 50 });
});

test("a history without a load has tested nothing", () => {
  expect(loadChecker.check([])).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
});
