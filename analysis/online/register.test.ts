import { describe, expect, it } from "vitest";
import { syntheticEvents } from "../../bench/synthetic-history.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { textHistory } from "../test-support/text-history.ts";
import { OnlineRegister } from "./register.ts";

function judge(text: string, checker = new OnlineRegister()) {
  for (const event of textHistory(text)) checker.feed(event);
  return checker.finish();
}

describe("an online check of registers", () => {
  it("accepts a history, and says of how much", () => {
    const result = judge(`
      0 invoke write 1
      1 invoke read
      1 ok     read 1
      0 info   write 1   # timed out: it may have happened, and here it did
      2 invoke cas 1>2
      2 ok     cas 1>2
      1 invoke read /y
      1 ok     read null /y`);
    expect(result).toEqual({ verdict: "valid", summary: "4 operations on 2 keys are linearizable" });
  });

  it.each([
    [
      "a value overwritten before the read began",
      "0 invoke write 1\n0 ok write 1\n0 invoke write 2\n0 ok write 2\n1 invoke read\n1 ok read 1",
    ],
    ["the initial value after a write", "0 invoke write 1\n0 ok write 1\n1 invoke read\n1 ok read null"],
    ["a value that nobody wrote", "0 invoke read\n0 ok read 7"],
    ["a value before its write was invoked", "0 invoke read\n0 ok read 7\n1 invoke write 7\n1 ok write 7"],
    [
      "the value of a write that failed later",
      "0 invoke write 1\n1 invoke read\n1 ok read 1\n0 fail write 1 !not-leader",
    ],
    [
      "the value of a write that had failed",
      "0 invoke write 1\n0 fail write 1 !not-leader\n1 invoke read\n1 ok read 1",
    ],
    ["two compares from one value", "0 invoke cas null>1\n1 invoke cas null>2\n0 ok cas null>1\n1 ok cas null>2"],
    ["compares that each need the other", "0 invoke cas 1>2\n1 invoke cas 2>1\n0 ok cas 1>2"],
    ["a value that a compare-and-set replaced", "0 invoke cas null>1\n0 ok cas null>1\n1 invoke read\n1 ok read null"],
  ])("refuses %s", (_, text) => {
    expect(judge(text)).toMatchObject({ verdict: "invalid" });
  });

  it("tells the key, the reason and the time, and stays with it", () => {
    const checker = new OnlineRegister();
    const text = "1.0 0 invoke read\n1.5 0 ok read 7\n2.0 0 invoke read\n2.5 0 ok read null";
    expect(judge(text, checker).summary).toBe(
      'key "x" is not linearizable: an operation saw a value that was certainly overwritten before it began, or that nobody wrote (at 1.500 s)',
    );
  });

  it("says unknown, and why, of what it cannot judge", () => {
    expect(judge("0 invoke write 1\n0 ok write 1").cause?.code).toBe("nothing-tested");
    expect(judge("0 invoke write 1\n1 invoke write 1\n2 invoke read\n2 ok read null").cause?.code).toBe(
      "values-repeat",
    );
    expect(judge("0 invoke append 1\n0 ok append 1").cause?.code).toBe("unsupported-operation");
    expect(judge("0 ok read 1").cause?.code).toBe("impossible-history");
    expect(judge("0 invoke read\n0 invoke read").cause?.code).toBe("impossible-history");
    const few = new OnlineRegister({ maxUnknownWrites: 1 });
    expect(judge("0 invoke write 1\n0 info write 1\n1 invoke write 2\n1 info write 2", few).cause?.code).toBe(
      "too-many-unknown",
    );
  });

  it("still refuses what one key shows when it cannot judge another", () => {
    expect(judge("0 invoke append 1 /y\n0 ok append 1 /y\n1 invoke read\n1 ok read 7").verdict).toBe("invalid");
  });
});

describe("what an online check keeps of a million operations", () => {
  const stream = { operations: 1_000_000, clients: 20, seed: 3, writePercent: 40, casPercent: 20, unknownPercent: 0 };

  function mostKept(events: Iterable<HistoryEvent>) {
    const checker = new OnlineRegister();
    const most = { blocks: 0, values: 0 };
    let fed = 0;
    for (const event of events) {
      checker.feed(event);
      if (++fed % 97 !== 0) continue;
      const { blocks, values } = checker.live();
      most.blocks = Math.max(most.blocks, blocks);
      most.values = Math.max(most.values, values);
    }
    return { ...most, verdict: checker.finish().verdict };
  }

  it("is bounded by its clients", () => {
    const { blocks, values, verdict } = mostKept(syntheticEvents(stream));
    expect(verdict).toBe("valid");
    expect(blocks).toBeLessThan(200);
    expect(values).toBeLessThan(400);
  });

  it("is bounded also while one write never ends", () => {
    const stuck: HistoryEvent = { index: 0, time: 0, process: 999, type: "invoke", f: "write", key: "x", value: -1 };
    const kept = mostKept(withFirst(stuck, syntheticEvents({ ...stream, operations: 100_000 })));
    expect(kept.values).toBeLessThan(400);
  });
});

function* withFirst(first: HistoryEvent, rest: Iterable<HistoryEvent>): Generator<HistoryEvent> {
  yield first;
  for (const event of rest) yield { ...event, index: event.index + 1 };
}
