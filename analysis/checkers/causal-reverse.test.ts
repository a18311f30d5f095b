import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { objectOperations } from "../objects/operations.ts";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { stepHistory } from "../test-support/step-history.ts";
import { causalReverseChecker } from "./causal-reverse.ts";

const tell = teller(causalReverseChecker);
const write = (from: number, process: number, value: number, outcome = "ok"): string =>
  `${from.toFixed(1)} ${process} invoke write ${value}\n${(from + 0.1).toFixed(1)} ${process} ${outcome} write ${value}\n`;
const read = (from: number, process: number, values: unknown, node = ""): string =>
  `${from.toFixed(1)} ${process} invoke read\n${(from + 0.1).toFixed(1)} ${process} ok read ${JSON.stringify(values)} ${node}\n`;
const inTurn = `${write(1, 0, 1)}${write(2, 0, 2)}`;

describe("writes that began after another was acknowledged", () => {
  it("may be missing with all that came after them", () => {
    expect(tell(`${inTurn}${read(3, 1, [])}${read(4, 1, [1])}${read(5, 1, [1, 2])}`)).toMatchInlineSnapshot(
      `"valid: 3 reads of 2 writes, none without an earlier write"`,
    );
    const asSet = stepHistory('write 1; write 2; read -> {"#{}":[2,1]}');
    expect(causalReverseChecker.check(asSet)).toMatchObject({ verdict: "valid", reads: 1 });
  });
  it("are never there without it", () => {
    expect(tell(`${inTurn}${read(3, 1, [2], "@n2")}`)).toMatchInlineSnapshot(
      `"invalid, 1 missing-predecessor: n2 answered 2 without 1 to process 1 at 3.10 s, but 1 was acknowledged at 1.10 s, before the write of 2 began at 2.00 s [0 2 4]"`,
    );
  });
  it("say nothing of writes that were not acknowledged before", () => {
    expect(tell(`${write(1, 0, 1, "info")}${write(2, 2, 2)}${read(3, 1, [2])}`)).toMatchInlineSnapshot(
      `"valid: 1 read of 2 writes, none without an earlier write"`,
    );
  });
});

describe("what is read", () => {
  it("was written by somebody", () => {
    expect(tell(`${inTurn}${read(3, 1, [1, 7])}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-element: process 1 read a set with 7 at 3.10 s, but nobody added 7 [4]"`,
    );
  });
  it("decides nothing where values repeat, or nothing was read", () => {
    expect(tell(`${inTurn}${write(2.5, 2, 2)}${read(3, 1, [2])}`)).toMatchInlineSnapshot(
      `"unknown (values-repeat): a read of a value that was written several times may be of any of these writes: write every value only once"`,
    );
    expect(tell(inTurn)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no read of what was written was answered"`,
    );
  });
});

interface State {
  next: number;
  readonly written: number[];
}

/** Reads of a prefix of all writes: stale, but never without an earlier one. */
const stalePrefix: SimulatedObject<State> = {
  start: () => ({ next: 1, written: [] }),
  act: (state, random, _process, happens) => {
    if (random.fraction() < 0.5) {
      const value = state.next++;
      if (happens) state.written.push(value);
      return { f: "write", asked: value, answer: value };
    }
    return { f: "read", asked: null, answer: state.written.slice(0, random.integer(0, state.written.length)) };
  },
  distort: (answer, random) => {
    if (!Array.isArray(answer)) return answer;
    return random.fraction() < 0.2 ? [...answer, 9] : answer.filter(() => random.fraction() < 0.6);
  },
};

/** By the definition: whatever was read was written, and with it all that was acknowledged before that began. */
function everyReadIsClosed(events: readonly HistoryEvent[]): boolean {
  const operations = objectOperations(events);
  const writes = operations.filter(({ f, outcome }) => f === "write" && outcome !== "fail");
  return operations
    .filter(({ f, outcome }) => f === "read" && outcome === "ok")
    .every((read) => {
      const seen = read.answer as unknown[];
      const seenWrites = writes.filter(({ asked, inv }) => seen.includes(asked) && inv < read.ret);
      if (seenWrites.length < seen.length) return false;
      return seenWrites.every(({ inv }) => writes.every(({ asked, ret }) => ret > inv || seen.includes(asked)));
    });
}

describe("against brute force", () => {
  it("refuses exactly what no set of earlier writes allows", () => {
    const said = compareWithBruteForce({
      ...{ checker: causalReverseChecker, object: stalePrefix, oracle: everyReadIsClosed },
      ...{ histories: 100_000, isExact: () => true },
    });
    expect(said["valid"]).toBeGreaterThan(30_000);
    expect(said["invalid"]).toBeGreaterThan(4000);
  });
  it("raises no false alarm in long histories", () => {
    const shape = { operations: 400, clients: 10, info: 0.05, fail: 0.05 };
    expect(falseAlarms(causalReverseChecker, stalePrefix, 20, shape)).toEqual([]);
  });
});
