import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { randomStream } from "../../random/stream.ts";
import { deaf } from "./generator.ts";
import {
  adapt,
  any,
  cycle,
  delay,
  each,
  eachThread,
  flipFlop,
  fromFunction,
  type Generator,
  independentKeys,
  limit,
  mix,
  onThreads,
  phases,
  rate,
  repeat,
  reserve,
  type Simulation,
  sequence,
  simulate,
  stagger,
  synchronize,
  timeLimit,
  untilOk,
  weighted,
} from "./index.ts";

const random = () => randomStream(Number(process.env["KEELHAUL_SEED"] ?? 7), "combinators");
const always = (f: string): Generator => repeat(each([{ f }]));
const once = (...functions: string[]): Generator => each(functions.map((f) => ({ f })));
const ms = 1e6;

function invocations(generator: Generator, simulation: Simulation = {}): HistoryEvent[] {
  return simulate(generator, simulation).filter(({ type }) => type === "invoke");
}

/** What was invoked, in order. */
function story(generator: Generator, simulation: Simulation = {}): string {
  return invocations(generator, simulation)
    .map(({ f }) => f)
    .join(" ");
}

const alone = { concurrency: 1 } as const;
const counts = (events: readonly HistoryEvent[]) => {
  const found: Record<string, number> = {};
  for (const { f } of events) found[f] = (found[f] ?? 0) + 1;
  return found;
};

describe("how many, and in which order", () => {
  it("limit, repeat, cycle, sequence and flipFlop", () => {
    expect(story(limit(3, always("r")))).toBe("r r r");
    expect(story(repeat(once("a", "b"), 3), alone)).toBe("a a a");
    expect(story(cycle(once("a", "b"), 2), alone)).toBe("a b a b");
    expect(story(cycle(once()), alone)).toBe("");
    expect(story(sequence(once("a", "b"), once("c")), alone)).toBe("a b c");
    expect(story(flipFlop(once("a", "b", "c"), once("x", "y")), alone)).toBe("a x b y c");
  });

  it("a phase begins when everything before it has been answered", () => {
    const slow: Simulation = { perform: ({ f }) => ({ type: "ok", latencyNs: f === "slow" ? 50 * ms : ms }) };
    const told = simulate(phases(once("slow", "a"), once("b")), slow).map(({ type, f }) => `${type} ${f}`);
    expect(told).toEqual(["invoke slow", "invoke a", "ok a", "ok slow", "invoke b", "ok b"]);
    const [begun] = invocations(sequence(once("slow"), synchronize(once("b", "c"))), slow).slice(1);
    expect(begun).toMatchObject({ f: "b", time: 50 * ms });
  });

  it("untilOk goes on after failures, and is not ended by anybody else's success", () => {
    let tries = 0;
    const perform: Simulation["perform"] = ({ f }) => (f === "try" && ++tries < 3 ? { type: "fail" } : { type: "ok" });
    expect(story(untilOk(always("try")), { concurrency: 1, perform })).toBe("try try try");
    tries = 0;
    const beside = any(untilOk(always("try")), limit(4, always("r")));
    expect(counts(invocations(beside, { concurrency: 1, perform }))).toEqual({ try: 3, r: 4 });
  });
});

describe("choosing", () => {
  it("mix takes each as often, weighted by weight, and what is used up is left out", () => {
    const mixed = counts(invocations(mix(random(), [always("r"), always("w")])));
    expect(mixed["r"]).toBeGreaterThan(400);
    expect(mixed["w"]).toBeGreaterThan(400);
    const weights = counts(
      invocations(
        weighted(random(), [
          [9, always("r")],
          [1, always("w")],
        ]),
      ),
    );
    expect(weights["r"]).toBeGreaterThan(850);
    expect(weights["w"]).toBeGreaterThan(50);
    expect(counts(invocations(mix(random(), [once("a"), limit(5, always("b"))])))).toEqual({ a: 1, b: 5 });
    expect(story(mix(random(), []))).toBe("");
  });

  it("the same seed gives the same history, another seed another", () => {
    const run = (seed: number) => {
      const stream = randomStream(seed, "x");
      return simulate(stagger(stream, 5, mix(stream, [always("r"), always("w")])), { maxOperations: 200 });
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("an offer that is passed over is neither lost nor drawn again", () => {
    let value = 0;
    const source = fromFunction({ next: () => (value < 20 ? { f: "w", value: ++value } : null) });
    const events = invocations(any(delay(7, source), limit(50, always("r"))));
    const written = events.filter(({ f }) => f === "w").map((event) => event.value);
    expect(written.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it("a source gives a thread the same until it is taken, and keeps what it gave to others", () => {
    let drawn = 0;
    const source = fromFunction({ next: () => ({ f: "w", value: ++drawn }) });
    const offerTo = (process: number, generator: Generator) => {
      const step = generator.next({ timeNs: 0, free: [process], threads: [0, 1], concurrency: 2 });
      if (step?.type !== "offer") throw new Error(`nothing is offered to process ${process}`);
      return step;
    };
    const first = offerTo(0, source);
    const second = offerTo(1, source);
    expect(offerTo(0, source).operation).toBe(first.operation);
    expect([first, second].map(({ operation }) => operation.value)).toEqual([1, 2]);
    expect(offerTo(1, first.rest).operation).toBe(second.operation);
    expect(offerTo(0, first.rest).operation.value).toBe(3);
    expect(drawn).toBe(3);
  });

  it("a source that gives the same operation again is asked once for each that is taken", () => {
    const read = { f: "r", value: null };
    let drawn = 0;
    const source = fromFunction({
      next: () => {
        drawn++;
        return read;
      },
    });
    const context = { timeNs: 0, free: [0], threads: [0], concurrency: 1 };
    const first = source.next(context);
    if (first?.type !== "offer") throw new Error("nothing is offered");
    for (let asked = 0; asked < 3; asked++) first.rest.next(context);
    expect(drawn).toBe(2);
  });

  it("any takes turns among those that are due", () => {
    expect(story(limit(6, any(always("a"), always("b"), delay(1e6, always("late")))), alone)).toBe("a b late a b a");
  });
});

describe("time", () => {
  it("delay keeps a distance, stagger a random one with the given mean", () => {
    const times = invocations(limit(4, delay(10, always("r")))).map(({ time }) => time / ms);
    expect(times).toEqual([0, 10, 20, 30]);
    const staggered = invocations(stagger(random(), 10, always("r")), { concurrency: 50 }).map(({ time }) => time / ms);
    expect(staggered.at(-1)! / staggered.length).toBeGreaterThan(9);
    expect(staggered.at(-1)! / staggered.length).toBeLessThan(11);
  });

  it("timeLimit counts from when it was first asked, also while nothing is due", () => {
    const limited = timeLimit(25, delay(10, always("r")));
    expect(invocations(limited).map(({ time }) => time / ms)).toEqual([0, 10, 20]);
    expect(story(phases(once("first"), limited, once("last")), { concurrency: 2 })).toBe("first r r r last");
  });

  it("rate is an open loop: what is late is due when it was due, and is made up for", () => {
    const stalled: Simulation = { concurrency: 1, perform: () => ({ type: "ok", latencyNs: 35 * ms }) };
    const events = invocations(limit(5, rate(100, always("r"))), stalled);
    expect(events.map(({ time }) => time / ms)).toEqual([0, 35, 70, 105, 140]);
    expect(events.map(({ time, intendedNs = time }) => intendedNs / ms)).toEqual([0, 10, 20, 30, 40]);
  });

  it("rate asks for an operation no sooner than it is due, so that it can depend on the last answer", () => {
    const asked: number[] = [];
    const noting: Generator = deaf((context) => {
      asked.push(context.timeNs / ms);
      return { type: "offer", operation: { f: "r" }, process: context.free[0]!, atNs: context.timeNs, rest: noting };
    });
    invocations(limit(3, rate(100, noting)), { concurrency: 2 });
    expect(new Set(asked)).toEqual(new Set([0, 10, 20]));
  });

  it("a pause between phases is not made up for", () => {
    const slow: Simulation = {
      concurrency: 2,
      perform: ({ f }) => ({ type: "ok", latencyNs: f === "a" ? 95 * ms : ms }),
    };
    const times = invocations(rate(100, phases(once("a"), once("b", "c"))), slow).map(({ time }) => time / ms);
    expect(times).toEqual([0, 95, 105]);
  });
});

describe("threads", () => {
  const functionsOf = (events: readonly HistoryEvent[], thread: number, concurrency: number) =>
    new Set(events.filter(({ process }) => Number(process) % concurrency === thread).map(({ f }) => f));

  it("reserve splits them, onThreads restricts, also after a process was retired", () => {
    const perform: Simulation["perform"] = ({ f }) => ({ type: f === "w" ? "info" : "ok" });
    const events = invocations(reserve([[2, always("w")]], always("r")), {
      concurrency: 5,
      maxOperations: 200,
      perform,
    });
    for (const thread of [0, 1]) expect(functionsOf(events, thread, 5)).toEqual(new Set(["w"]));
    for (const thread of [2, 3, 4]) expect(functionsOf(events, thread, 5)).toEqual(new Set(["r"]));
    const even = invocations(
      onThreads((thread) => thread % 2 === 0, always("r")),
      { concurrency: 4 },
    );
    expect(new Set(even.map(({ process }) => process))).toEqual(new Set([0, 2]));
  });

  it("each thread does all of it by itself", () => {
    const events = invocations(eachThread(once("a", "b")), { concurrency: 4 });
    for (let thread = 0; thread < 4; thread++) {
      const own = events.filter(({ process }) => process === thread).map(({ f }) => f);
      expect(own).toEqual(["a", "b"]);
    }
  });

  it("groups of threads go from key to key", () => {
    const keys = ["x", "y", "z"];
    const generator = independentKeys({ groupSize: 2, keyAt: (i) => keys[i], generator: () => limit(3, always("r")) });
    const events = invocations(generator, { concurrency: 4 });
    expect(events.map(({ key }) => key).sort()).toEqual(["x", "x", "x", "y", "y", "y", "z", "z", "z"]);
    const groupOf = (key: string) =>
      new Set(events.filter((e) => e.key === key).map((e) => Math.floor(Number(e.process) / 2)));
    for (const key of keys) expect(groupOf(key).size).toBe(1);
  });

  it("a key's generator hears of its own key alone", () => {
    const generator = independentKeys({
      groupSize: 1,
      keyAt: (index) => ["x", "y"][index],
      generator: (key) => (key === "x" ? untilOk(always("try")) : limit(4, always("r"))),
    });
    let tries = 0;
    const perform: Simulation["perform"] = ({ f }) => (f === "try" && ++tries < 4 ? { type: "fail" } : { type: "ok" });
    expect(counts(invocations(generator, { concurrency: 2, perform }))).toEqual({ try: 4, r: 4 });
  });
});

it("adapts to what was answered", () => {
  const readAfterFailure = adapt(limit(5, always("w")), (event, generator) =>
    event.type === "fail" ? once("check") : generator,
  );
  let writes = 0;
  const perform: Simulation["perform"] = () => (++writes === 3 ? { type: "fail" } : { type: "ok" });
  expect(story(readAfterFailure, { concurrency: 1, perform })).toBe("w w w check");
});

it("a source may have nothing for a process at the moment", () => {
  let written = 0;
  const source = fromFunction({
    next: (process) => (process === 0 ? (written < 2 ? { f: "w" } : null) : "pending"),
    hear: ({ type }) => {
      if (type === "ok") written++;
    },
  });
  expect(invocations(source, { concurrency: 3 }).map(({ process }) => process)).toEqual([0, 0]);
});
