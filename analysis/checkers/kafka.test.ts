import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type ObjectOperation, objectOperations } from "../objects/operations.ts";
import { compareWithBruteForce, falseAlarms, smallShape } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { kafkaChecker } from "./kafka.ts";

const tell = teller(kafkaChecker);
const operation = (from: number, process: number, f: string, asked: unknown, answer: unknown, outcome = "ok"): string =>
  `${from.toFixed(1)} ${process} invoke ${f} ${JSON.stringify(asked)} /\n` +
  `${(from + 0.1).toFixed(1)} ${process} ${outcome} ${f} ${JSON.stringify(answer)} /\n`;
const send = (from: number, process: number, value: number, offset: number | null, outcome = "ok"): string =>
  operation(
    from,
    process,
    "send",
    [["send", "k", value]],
    [["send", "k", outcome === "ok" ? [offset, value] : value]],
    outcome,
  );
const poll = (from: number, process: number, ...messages: readonly [number, unknown][]): string =>
  operation(from, process, "poll", [["poll"]], [["poll", { k: messages }]]);
const three = `${send(1, 0, 10, 0)}${send(1.3, 0, 11, 1)}${send(1.6, 0, 12, 2)}`;

describe("logs of messages", () => {
  it("may be polled late, in pieces and with gaps between offsets", () => {
    expect(tell(`${three}${poll(2, 1, [0, 10])}${poll(3, 1)}${poll(4, 1, [1, 11], [2, 12])}`)).toMatchInlineSnapshot(
      `"valid: 3 messages polled of 3 sent: none lost, doubled or out of order"`,
    );
    expect(tell(`${send(1, 0, 10, 0)}${send(1.3, 0, 11, 5)}${poll(2, 1, [0, 10], [5, 11])}`)).toMatchInlineSnapshot(
      `"valid: 2 messages polled of 2 sent: none lost, doubled or out of order"`,
    );
  });
  it("keep one message at an offset, at one offset", () => {
    expect(tell(`${three}${poll(2, 1, [0, 10], [1, 99])}`)).toMatchInlineSnapshot(
      `"invalid, 1 offset-conflict, 1 phantom-message: offset 1 is 99 by process 1's poll, but 11 by process 0's send [2 6]"`,
    );
    expect(tell(`${three}${poll(2, 1, [0, 10], [1, 11], [2, 12], [3, 11])}`)).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-message: message 11 was sent once and is at offsets 1 and 3 [6]"`,
    );
  });
  it("lose nothing that polls went past", () => {
    expect(tell(`${three}${poll(2, 1, [1, 11], [2, 12])}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-message: message 10 was acknowledged at 1.10 s at offset 0 and never polled, although process 1 polled offset 2 [0 6]"`,
    );
  });
  it("lose nothing where a poll asked for everything from before it on", () => {
    const polled = operation(
      2,
      1,
      "poll",
      [["poll", { k: 0 }]],
      [
        [
          "poll",
          {
            k: [
              [0, 10],
              [1, 11],
            ],
          },
        ],
      ],
    );
    expect(tell(`${three}${polled}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-message: message 12 was acknowledged at 1.70 s at offset 2 and never polled, although process 1 polled everything there after that [4 6]"`,
    );
    expect(tell(`${three}${poll(2, 1, [0, 10], [1, 11])}`)).toMatchInlineSnapshot(
      `"unknown (unseen-messages): 1 acknowledged message was never polled, and no poll went past: poll every log to its end when all sending is over"`,
    );
  });
  it("hold nothing that nobody sent, that failed, or before it was sent", () => {
    expect(tell(`${poll(2, 1, [0, 7])}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-message: process 1 read message 7 at 2.10 s, but nobody sent it [0]"`,
    );
    expect(tell(`${send(1, 0, 10, null, "fail")}${poll(2, 1, [0, 10])}`)).toMatchInlineSnapshot(
      `"invalid, 1 aborted-message: process 1 read message 10 at 2.10 s, but process 0's sending it had certainly failed [0 2]"`,
    );
    expect(tell(`${poll(1, 1, [0, 10])}${send(2, 0, 10, 0)}`)).toMatchInlineSnapshot(
      `"invalid, 1 future-message: process 1 read message 10 at 1.10 s, before process 0 began to send it at 2.00 s [0 2]"`,
    );
  });
});

describe("processes", () => {
  it("poll without gaps, also from one poll to the next", () => {
    expect(tell(`${three}${poll(2, 2, [1, 11])}${poll(3, 1, [0, 10], [2, 12])}`)).toMatchInlineSnapshot(
      `"invalid, 1 poll-skip: process 1 read 12 at offset 2 at 3.10 s, directly after offset 0: it skipped 11 at offset 1 [6 8]"`,
    );
    expect(tell(`${three}${poll(2, 2, [1, 11])}${poll(3, 1, [0, 10])}${poll(4, 1, [2, 12])}`)).toMatchInlineSnapshot(
      `"invalid, 1 poll-skip: process 1 read 12 at offset 2 at 4.10 s, directly after offset 0: it skipped 11 at offset 1 [6 8 10]"`,
    );
  });
  it("poll forward only", () => {
    expect(tell(`${three}${poll(2, 1, [0, 10], [1, 11])}${poll(3, 1, [1, 11], [2, 12])}`)).toMatchInlineSnapshot(
      `"invalid, 1 nonmonotonic-poll: process 1 read 11 at offset 1 at 3.10 s, directly after offset 1 (11) [6 8]"`,
    );
  });
  it("may begin elsewhere when they are assigned other logs, or subscribe", () => {
    const again = `${poll(2, 1, [0, 10], [1, 11])}${operation(3, 1, "assign", ["j"], ["j"])}${poll(4, 1, [0, 10], [1, 11], [2, 12])}`;
    expect(kafkaCheck(`${three}${again}`)).toBe("valid");
    expect(kafkaCheck(`${three}${again.replace('["j"]', '["k"]').replace('["j"]', '["k"]')}`)).toBe("invalid");
    const subscribed = `${operation(1.9, 1, "subscribe", ["k"], ["k"])}${poll(2, 1, [0, 10], [1, 11])}${poll(3, 1, [0, 10], [1, 11], [2, 12])}`;
    expect(kafkaCheck(`${three}${subscribed}`)).toBe("valid");
  });
  it("send forward only", () => {
    expect(tell(`${send(1, 0, 10, 1)}${send(2, 0, 11, 0)}${poll(3, 1, [0, 11], [1, 10])}`)).toMatchInlineSnapshot(
      `"invalid, 1 nonmonotonic-send: process 0's 11 was sent to offset 0 by 2.10 s, after its 10 had been sent to offset 1 [0 2]"`,
    );
  });
});

describe("transactions of sends and polls", () => {
  it("do not see what they send themselves", () => {
    const own = operation(
      1,
      0,
      "txn",
      [["send", "k", 1], ["poll"]],
      [
        ["send", "k", [0, 1]],
        ["poll", { k: [[0, 1]] }],
      ],
    );
    expect(tell(own)).toMatchInlineSnapshot(
      `"invalid, 1 precommitted-message: process 0 read message 1 at 1.10 s, which the same transaction sent and had not committed [0]"`,
    );
  });
  it("do not see each other's messages both ways", () => {
    const one = [
      ["send", "a", [0, 1]],
      ["poll", { b: [[0, 2]] }],
    ];
    const other = [
      ["send", "b", [0, 2]],
      ["poll", { a: [[0, 1]] }],
    ];
    const history =
      `1.0 0 invoke txn [["send","a",1],["poll"]] /\n1.1 1 invoke txn [["send","b",2],["poll"]] /\n` +
      `1.2 0 ok txn ${JSON.stringify(one)} /\n1.3 1 ok txn ${JSON.stringify(other)} /\n`;
    expect(tell(history)).toMatchInlineSnapshot(
      `"invalid, 1 message-cycle: process 0 polled 2 of process 1, and process 1 polled 1 of process 0: neither can have been first [0 1]"`,
    );
  });
  it("took effect as a whole where their outcome is unknown and something of them was polled", () => {
    const half = operation(
      1,
      0,
      "send",
      [
        ["send", "k", 1],
        ["send", "k", 2],
      ],
      [
        ["send", "k", [0, 1]],
        ["send", "k", [1, 2]],
      ],
      "info",
    );
    expect(tell(`${half}${send(2, 3, 3, 2)}${poll(3, 1, [0, 1], [2, 3])}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-message, 1 poll-skip: message 2 was sent at offset 1 and never polled, although process 1 polled offset 2 [0 4]"`,
    );
    expect(kafkaCheck(`${half}${send(2, 3, 3, 2)}${poll(3, 1, [2, 3])}`)).toBe("valid");
  });
});

describe("what cannot be told", () => {
  it("leaves a history open", () => {
    expect(tell(three)).toMatchInlineSnapshot(`"unknown (nothing-tested): nothing was tested: no message was polled"`);
    expect(
      tell(`${three}${send(1.9, 0, 10, 3)}${poll(2, 1, [0, 10], [1, 11], [2, 12], [3, 10])}`),
    ).toMatchInlineSnapshot(
      `"unknown (values-repeat): loss and duplication of a message that was sent several times cannot be detected: send every message to a log only once"`,
    );
    expect(tell(operation(1, 0, "send", [["put", "k", 1]], [["put", "k", 1]]))).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): an operation is no list of steps send and poll, or its answer does not fit: write steps as ["send", key, value], ["poll"] and, answered, ["poll", {key: [[offset, value], …]}]"`,
    );
  });
});

function kafkaCheck(text: string): string {
  return tell(text).replace(/[:, ].*/s, "");
}

interface Broker {
  readonly log: [offset: number, value: number][];
  next: number;
  readonly places: Map<number, number>;
}

/** One log with gaps. Every process has its place in it, and polls what is there, or less. */
const broker: SimulatedObject<Broker> = {
  start: () => ({ log: [], next: 1, places: new Map() }),
  act: (state, random, process, happens) => {
    if (random.fraction() < 0.5) {
      const value = state.next++;
      const offset = (state.log.at(-1)?.[0] ?? -1) + random.pick([1, 1, 2]);
      if (happens) state.log.push([offset, value]);
      return { f: "send", asked: [["send", "k", value]], answer: [["send", "k", [offset, value]]] };
    }
    const place = state.places.get(process) ?? 0;
    const messages = state.log.slice(place, random.integer(place, state.log.length));
    if (happens) state.places.set(process, place + messages.length);
    return { f: "poll", asked: [["poll"]], answer: [["poll", { k: messages }]] };
  },
  distort: (answer, random) => {
    const [[kind, first, second]] = answer as [[string, unknown, [number, number]]];
    const changed = ([offset, value]: readonly [number, number]): [number, number] =>
      random.fraction() < 0.5 ? [Math.max(0, offset + random.pick([-1, 1])), value] : [offset, random.integer(1, 5)];
    if (kind === "send") return [[kind, first, [Math.max(0, second[0] + random.pick([-1, 1])), second[1]]]];
    const { k } = first as { k: [number, number][] };
    const kept = k.filter(() => random.fraction() < 0.7);
    return [["poll", { k: kept.map((message) => (random.fraction() < 0.3 ? changed(message) : message)) }]];
  },
};

interface Claim {
  readonly op: ObjectOperation;
  readonly offset: number;
  readonly value: number;
}

/** Whether some log, tried one after the other, is as all answers say, and has everything in it polled that has to be. */
function someLogExplains(events: readonly HistoryEvent[]): boolean {
  const operations = objectOperations(events);
  const sends = operations.filter(({ f }) => f === "send");
  const told = (op: ObjectOperation): Claim[] => {
    const [[kind, first, second]] = op.answer as [[string, { k: [number, number][] }, [number, number]]];
    const pairs = kind === "send" ? [second] : first.k;
    return pairs.map(([offset, value]) => ({ op, offset, value }));
  };
  const answered = operations.filter(({ outcome }) => outcome === "ok");
  const sent = answered.filter(({ f }) => f === "send").flatMap(told);
  const polled = answered.filter(({ f }) => f === "poll").flatMap(told);
  const claims = [...sent, ...polled];
  const end = Math.max(-1, ...claims.map(({ offset }) => offset)) + 1;

  const fits = (log: readonly (number | null)[]): boolean => {
    const values = log.filter((value) => value !== null);
    const farthest = Math.max(-1, ...polled.map(({ offset }) => offset));
    const inTurn = (all: readonly Claim[], mayLeaveOut: boolean): boolean =>
      [...Map.groupBy(all, ({ op }) => op.process).values()].every((own) =>
        own.every(({ offset }, at) => {
          const before = own[at - 1]?.offset;
          if (before === undefined) return true;
          const between = log.slice(before + 1, offset).some((value) => value !== null);
          return offset > before && (mayLeaveOut || !between);
        }),
      );
    return (
      new Set(values).size === values.length &&
      claims.every(({ offset, value }) => log[offset] === value) &&
      values.every((value) => sends.some(({ asked, outcome }) => outcome !== "fail" && messageIn(asked) === value)) &&
      polled.every(({ op, value }) => sends.some(({ asked, inv }) => messageIn(asked) === value && inv < op.ret)) &&
      inTurn(polled, false) &&
      inTurn(sent, true) &&
      log.every((value, offset) => value === null || offset > farthest || polled.some((claim) => claim.value === value))
    );
  };
  const grow = (log: readonly (number | null)[]): boolean => {
    if (log.length === end) return fits(log);
    const options = new Set([null, ...claims.filter(({ offset }) => offset === log.length).map(({ value }) => value)]);
    return [...options].some((option) => grow([...log, option]));
  };
  return grow([]);
}

function messageIn(asked: unknown): number {
  return (asked as [[string, string, number]])[0][2];
}

/** A send that is answered with another message than it was asked to send cannot be understood. */
function sendsAreEchoed(events: readonly HistoryEvent[]): boolean {
  const sends = objectOperations(events).filter(({ f, outcome }) => f === "send" && outcome === "ok");
  return sends.every(({ asked, answer }) => {
    return (answer as [[string, string, [number, number]]])[0][2][1] === messageIn(asked);
  });
}

describe("against brute force", () => {
  const comparison = { checker: kafkaChecker, object: broker, oracle: someLogExplains, sessions: true };
  it("refuses exactly what no log explains", () => {
    const said = compareWithBruteForce({ ...comparison, histories: 60_000, isExact: sendsAreEchoed });
    expect(said["valid"]).toBeGreaterThan(4000);
    expect(said["invalid"]).toBeGreaterThan(4000);
  });
  it("refuses exactly what no log explains, where more is polled", () => {
    const shape = (random: Parameters<typeof smallShape>[0]) => ({ ...smallShape(random), operations: 9, clients: 2 });
    const said = compareWithBruteForce({ ...comparison, shape, histories: 40_000, isExact: sendsAreEchoed });
    expect(said["invalid"]).toBeGreaterThan(4000);
  });
  it("raises no false alarm in long histories", () => {
    const shape = { operations: 400, clients: 10, info: 0.02, fail: 0.05 };
    expect(falseAlarms(kafkaChecker, broker, 20, shape)).toEqual([]);
  });
});
