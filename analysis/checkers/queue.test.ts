import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { randomStream } from "../../random/stream.ts";
import type { Checker } from "../checker.ts";
import { objectOperations } from "../objects/operations.ts";
import { type Item, itemsOf, overtaken } from "../objects/queue/order.ts";
import { queueHistory } from "../objects/queue/queue-history.ts";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import { corrupt, eventsOf, type SimulatedObject, simulate } from "../objects/test-support/simulate.ts";
import { fifoChecker } from "./fifo.ts";
import { queueChecker } from "./queue.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
const tell = teller(queueChecker);
const tellOrder = teller(fifoChecker);
const in1 = "1.0 0 invoke enqueue 1\n1.1 0 ok enqueue 1\n";
const in12 = `${in1}1.2 0 invoke enqueue 2\n1.3 0 ok enqueue 2\n`;
const out = (at: number, item: unknown, node = ""): string =>
  `${at.toFixed(1)} 7 invoke dequeue\n${(at + 0.1).toFixed(1)} 7 ok dequeue ${JSON.stringify(item)} ${node}\n`;

describe("queues in any order", () => {
  it("accepts what comes out once each", () => {
    expect(tell(`${in12}${out(2, 2)}${out(3, 1)}${out(4, null)}`)).toMatchInlineSnapshot(
      `"valid: all of 2 acknowledged items came out, once each"`,
    );
    expect(
      tell(`${in12}1.4 1 invoke enqueue 3\n1.5 1 info enqueue 3\n2.0 3 invoke drain\n2.1 3 ok drain [3,1,2]`),
    ).toMatchInlineSnapshot(`"valid: all of 2 acknowledged items came out, once each"`);
    expect(tell(`${in1}1.2 1 invoke enqueue 1\n1.3 1 ok enqueue 1\n${out(2, 1)}${out(3, 1)}`)).toMatchInlineSnapshot(
      `"valid: all of 2 acknowledged items came out, once each"`,
    );
  });
  it("tells lost items", () => {
    expect(tell(`${in12}${out(2, 1)}${out(3, null)}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-item: 1 acknowledged item (2) never came out, though the queue was found empty by process 7 at 3.10 s; 2 had been acknowledged to process 0 at 1.30 s [2 6]"`,
    );
    expect(tell(`${in12}2.0 3 invoke drain\n2.1 3 ok drain []`)).toMatchInlineSnapshot(
      `"invalid, 2 lost-item: 2 acknowledged items (1, 2) never came out, though the queue was found empty by process 3 at 2.10 s; 1 had been acknowledged to process 0 at 1.10 s [0 2 4]"`,
    );
    expect(tell(`${in12}1.4 5 invoke dequeue\n1.5 5 info dequeue\n${out(2, null)}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-item: at least 1 of 2 acknowledged items (1, 2) never came out, though the queue was found empty by process 7 at 2.10 s; 1 had been acknowledged to process 0 at 1.10 s [0 2 6]"`,
    );
  });
  it("says unknown where items may have been taken, or may still be there", () => {
    expect(tell(`${in12}1.4 5 invoke dequeue\n1.5 5 info dequeue\n${out(2, 2)}${out(3, null)}`)).toMatchInlineSnapshot(
      `"unknown (unheard-dequeues): 1 acknowledged item did not come out, such as 1: 1 dequeue of unknown outcome may have taken them; repeat with fewer timeouts"`,
    );
    expect(tell(`${in12}${out(2, 2)}`)).toMatchInlineSnapshot(
      `"unknown (not-drained): 1 acknowledged item did not come out, such as 1: let the workload end with emptying every queue"`,
    );
    expect(tell(`${in1}${out(1.2, null)}2.0 0 invoke enqueue 2\n2.1 0 ok enqueue 2`)).toMatchInlineSnapshot(
      `"unknown (not-drained): 2 acknowledged items did not come out, such as 1: let the workload end with emptying every queue"`,
    );
    expect(tell(`${in12}1.4 5 invoke drain\n1.5 5 info drain\n${out(2, null)}`)).toMatchInlineSnapshot(
      `"unknown (unheard-dequeues): 2 acknowledged items did not come out, such as 1: 1 dequeue of unknown outcome may have taken them; repeat with fewer timeouts"`,
    );
  });
  it("takes a dequeue of unknown outcome by its word of what it would have taken", () => {
    const took1 = "1.4 5 invoke dequeue\n1.5 5 info dequeue 1\n";
    expect(tell(`${in12}${took1}${out(2, 2)}${out(3, null)}`)).toMatchInlineSnapshot(
      `"valid: of 2 acknowledged items all came out once each, but 1 that went with a dequeue of unknown outcome"`,
    );
    expect(tell(`${in12}${took1}${out(3, null)}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-item: 1 acknowledged item (2) never came out, though the queue was found empty by process 7 at 3.10 s; 2 had been acknowledged to process 0 at 1.30 s [2 6]"`,
    );
    expect(tell(`${in12}1.4 5 invoke drain\n1.5 5 info drain [1]\n${out(3, null)}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-item: 1 acknowledged item (2) never came out, though the queue was found empty by process 7 at 3.10 s; 2 had been acknowledged to process 0 at 1.30 s [2 6]"`,
    );
  });
  it("tells items that came out too often", () => {
    expect(tell(`${in1}${out(2, 1, "@n1")}${out(3, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-item: process 7 took 1 from n1 at 2.10 s, and process 7 took it again at 3.10 s, but it was put in only once [2 4]"`,
    );
    expect(tell(`${in1}${out(2, 1)}${out(3, 1)}${out(4, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-item: process 7 took 1 at 2.10 s, and process 7 took it again at 3.10 s, 3 times in all, but it was put in only once [2 4 6]"`,
    );
    expect(tell(`${in1}2.0 3 invoke drain\n2.1 3 ok drain [1,1]`)).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-item: process 3 took 1 at 2.10 s, and process 3 took it again at 2.10 s, but it was put in only once [2]"`,
    );
  });
  it("tells items that nobody put in", () => {
    expect(tell(`${in1}${out(2, 1)}${out(3, 9)}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-item: process 7 took 9 at 3.10 s, but nobody put it in [4]"`,
    );
    expect(tell(`${in1}${out(2, "1", "@n2")}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-item: process 7 took "1" from n2 at 2.10 s, but nobody put it in [2]"`,
    );
    expect(tell(`${in1}2.0 3 invoke drain\n2.1 3 ok drain [1,8]`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-item: process 3 took 8 at 2.10 s, but nobody put it in [2]"`,
    );
  });
  it("tells items whose putting in failed", () => {
    const failed = "1.0 0 invoke enqueue 1\n1.1 0 fail enqueue 1 !not-leader\n";
    expect(tell(`${failed}${out(2, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 aborted-item: process 7 took 1 at 2.10 s, but process 0's putting it in had certainly failed (not-leader) [0 2]"`,
    );
    expect(tell(`${failed.replace(" !not-leader", "")}${out(2, 1, "@n3")}`)).toMatchInlineSnapshot(
      `"invalid, 1 aborted-item: process 7 took 1 from n3 at 2.10 s, but process 0's putting it in had certainly failed [0 2]"`,
    );
    expect(tell(`${failed}2.0 3 invoke drain\n2.1 3 ok drain [1]`)).toMatchInlineSnapshot(
      `"invalid, 1 aborted-item: process 3 took 1 at 2.10 s, but process 0's putting it in had certainly failed (not-leader) [0 2]"`,
    );
  });
  it("tells items that came out before they were put in", () => {
    expect(tell(`${out(0.2, 1)}${in1}`)).toMatchInlineSnapshot(
      `"invalid, 1 future-item: process 7 took 1 at 0.30 s, before process 0 began to put it in at 1.00 s [0 2]"`,
    );
    expect(tell(`${out(0.2, 1, "@n1")}${in1.replace(" ok ", " info ")}`)).toMatchInlineSnapshot(
      `"invalid, 1 future-item: process 7 took 1 from n1 at 0.30 s, before process 0 began to put it in at 1.00 s [0 2]"`,
    );
    expect(tell(`0.2 3 invoke drain\n0.3 3 ok drain [1]\n${in1}`)).toMatchInlineSnapshot(
      `"invalid, 1 future-item: process 3 took 1 at 0.30 s, before process 0 began to put it in at 1.00 s [0 2]"`,
    );
  });
  it("never calls nothing valid", () => {
    expect(tell(in1)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no queue that clients enqueued into was read"`,
    );
    expect(tell(out(1, null))).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no queue that clients enqueued into was read"`,
    );
    expect(tell(`${in1}2.0 3 invoke drain\n2.1 3 ok drain 1`)).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): a drain was answered with something that is no list: let drains answer the list of items that they took"`,
    );
  });
});

describe("queues in order", () => {
  it("accepts first in, first out, and any order of what went in at the same time", () => {
    expect(tellOrder(`${in12}${out(2, 1)}${out(3, 2)}`)).toMatchInlineSnapshot(`"valid: 2 items came out in order"`);
    const together = "1.0 0 invoke enqueue 1\n1.1 1 invoke enqueue 2\n1.2 0 ok enqueue 1\n1.3 1 ok enqueue 2\n";
    expect(tellOrder(`${together}${out(2, 2)}${out(3, 1)}`)).toMatchInlineSnapshot(
      `"valid: 2 items came out in order"`,
    );
    expect(
      tellOrder(`${in12}1.4 5 invoke dequeue\n1.5 5 info dequeue\n${out(2, 2)}${out(3, null)}`),
    ).toMatchInlineSnapshot(`"valid: 1 item came out in order"`);
  });
  it("tells items that overtook others", () => {
    expect(tellOrder(`${in12}${out(2, 2, "@n1")}${out(3, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 item-order: process 7 took 2 from n1 at 2.10 s, but 1 had been put in by 1.10 s, before 2 from 1.20 s on, and came out after it, from 3.00 s on [0 2 4 6]"`,
    );
    expect(tellOrder(`${in12}${out(2, 2)}`)).toMatchInlineSnapshot(
      `"invalid, 1 item-order: process 7 took 2 at 2.10 s, but 1 had been put in by 1.10 s, before 2 from 1.20 s on, and never came out [0 2 4]"`,
    );
    expect(tellOrder(`${in12}2.0 3 invoke drain\n2.1 3 ok drain [2,1]`)).toMatchInlineSnapshot(
      `"invalid, 1 item-order: process 3 took 2 at 2.10 s, but 1 had been put in by 1.10 s, before 2 from 1.20 s on, and came out after it, from 2.00 s on [0 2 4]"`,
    );
    expect(tellOrder(`${in12}2.0 3 invoke drain\n2.1 3 ok drain [1,2]`)).toMatchInlineSnapshot(
      `"valid: 2 items came out in order"`,
    );
  });
  it("tells queues that were empty only by what they said", () => {
    expect(tellOrder(`${in1}${out(2, null)}${out(3, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 false-empty: process 7 found the queue empty by 2.10 s, but 1 had been put in by 1.10 s and came out only from 3.00 s on [0 2 4]"`,
    );
    expect(tellOrder(`${in1}${out(2, null)}`)).toMatchInlineSnapshot(
      `"invalid, 1 false-empty: process 7 found the queue empty by 2.10 s, but 1 had been put in by 1.10 s and never came out [0 2]"`,
    );
    expect(tellOrder(`${in1}2.0 3 invoke drain\n2.1 3 ok drain []\n${out(3, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 false-empty: process 3 found the queue empty by 2.10 s, but 1 had been put in by 1.10 s and came out only from 3.00 s on [0 2 4]"`,
    );
    expect(tellOrder(`${in1}1.5 9 invoke dequeue\n${out(2, null)}2.5 9 info dequeue`)).toMatchInlineSnapshot(
      `"valid: 0 items came out in order"`,
    );
  });
  it("leaves items open that were put in several times", () => {
    expect(tellOrder(`${in1}1.2 1 invoke enqueue 1\n1.3 1 ok enqueue 1\n${out(2, 1)}`)).toMatchInlineSnapshot(
      `"unknown (values-repeat): the order of items that were enqueued several times is ambiguous: put every item into a queue only once"`,
    );
    expect(tellOrder(in1)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no queue that clients enqueued into was read"`,
    );
  });
});

const simulatedQueue = (inOrder: boolean): SimulatedObject<{ held: number[]; last: number }> => ({
  start: () => ({ held: [], last: 0 }),
  act: (state, random, _process, happens) => {
    if (random.fraction() < 0.5) {
      state.last++;
      if (happens) state.held.push(state.last);
      return { f: "enqueue", asked: state.last, answer: state.last };
    }
    if (random.fraction() < 0.15) {
      const answer = inOrder ? [...state.held] : random.shuffle(state.held);
      if (happens) state.held = [];
      return { f: "drain", asked: null, answer };
    }
    const place = inOrder ? 0 : random.integer(0, Math.max(0, state.held.length - 1));
    const answer = state.held[place] ?? null;
    if (happens) state.held.splice(place, 1);
    return { f: "dequeue", asked: null, answer };
  },
  distort: (answer, random) => {
    if (Array.isArray(answer)) return random.fraction() < 0.5 ? answer.slice(1) : [...answer, random.integer(1, 5)];
    return random.integer(0, 5) || null;
  },
});

const sequentialQueue: SequentialObject = {
  initial: "[]",
  step: (state, op) => {
    const held = JSON.parse(state) as unknown[];
    if (op.f === "enqueue") return JSON.stringify([...held, op.asked]);
    if (op.f === "drain") {
      if (op.outcome !== "ok") return "[]";
      return JSON.stringify(op.answer) === state ? "[]" : null;
    }
    if (op.outcome !== "ok") return JSON.stringify(held.slice(1));
    if (op.answer === null) return held.length === 0 ? state : null;
    return held[0] === op.answer ? JSON.stringify(held.slice(1)) : null;
  },
};

type Pair = ReturnType<typeof overtaken>[number];
const isApart = ({ late, early }: Pair): boolean => late.taken?.op !== early.taken?.op;

/** Of items taken by different operations those that overtook one, and of those of one drain those that were overtaken. */
function allPairs(items: readonly Item[]): { apart: Set<unknown>; drained: Set<unknown> } {
  const pairs = items.flatMap((early) => items.map((late) => ({ early, late })));
  const inTurn = pairs.filter(({ early, late }) => late.taken !== null && early.put.ret < late.put.inv);
  const apart = inTurn.filter(({ early, late }) => late.taken!.op.ret < early.goneFrom);
  const drained = inTurn.filter((pair) => !isApart(pair) && pair.late.taken!.place < pair.early.taken!.place);
  return { apart: new Set(apart.map(({ late }) => late.put)), drained: new Set(drained.map(({ early }) => early.put)) };
}

describe("against brute force", () => {
  it("raises no false alarm about items", () => {
    const comparison = { checker: queueChecker, object: simulatedQueue(true), oracle: sequentialQueue };
    const said = compareWithBruteForce({ ...comparison, histories: 100_000, isExact: () => false });
    expect(said["valid"]).toBeGreaterThan(15_000);
    expect(said["invalid"]).toBeGreaterThan(8000);
  });
  it("decides order exactly where nothing is unknown and no queue was empty", () => {
    const both: Checker = {
      name: "queue and fifo",
      check: (history) => {
        const queue = queueChecker.check(history);
        return queue.verdict === "invalid" ? queue : fifoChecker.check(history);
      },
    };
    const isExact = (events: readonly HistoryEvent[]): boolean =>
      objectOperations(events).some(({ f }) => f === "enqueue") &&
      objectOperations(events).every(
        ({ f, outcome, answer }) => outcome !== "info" && f !== "drain" && answer !== null,
      );
    const comparison = { checker: both, object: simulatedQueue(true), oracle: sequentialQueue, isExact };
    const said = compareWithBruteForce({ ...comparison, histories: 100_000 });
    expect(said["valid"]).toBeGreaterThan(40_000);
    expect(said["invalid"]).toBeGreaterThan(10_000);
  });
  it("finds what overtook as comparing all pairs of items does", () => {
    let found = 0;
    for (let i = 0; i < 3000; i++) {
      const random = randomStream(seed + i, "pairs of items");
      const shape = { operations: random.integer(10, 60), clients: 5, info: 0.1, fail: 0.05 };
      const object = simulatedQueue(random.fraction() < 0.5);
      const operations = simulate(random, object, shape);
      for (let j = random.integer(0, 3); j > 0; j--) corrupt(random, object, operations, false);
      const queue = queueHistory(objectOperations(eventsOf(operations))) ?? null;
      if (queue === null) continue;
      const pairs = overtaken(itemsOf(queue));
      const slow = allPairs(itemsOf(queue));
      const context = `history ${i} of KEELHAUL_SEED=${seed}`;
      expect(new Set(pairs.filter(isApart).map(({ late }) => late.put)), context).toEqual(slow.apart);
      expect(new Set(pairs.filter((pair) => !isApart(pair)).map(({ early }) => early.put)), context).toEqual(
        slow.drained,
      );
      found += pairs.length;
    }
    expect(found).toBeGreaterThan(3000);
  });
  it("raises none in long histories", () => {
    const shape = { operations: 600, clients: 10, info: 0.1, fail: 0.05 };
    expect(falseAlarms(queueChecker, simulatedQueue(false), 10, shape)).toEqual([]);
    expect(falseAlarms(fifoChecker, simulatedQueue(true), 10, shape)).toEqual([]);
  });
});
