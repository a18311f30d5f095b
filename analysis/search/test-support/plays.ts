import type { RandomStream } from "../../../random/stream.ts";

/** The answer of what answers nothing of its own. */
export const done = "done";

/** The answer of a compare that did not hold. */
export const refused = "refused";

/** What an operation can answer in a state, and the state after it. */
export interface Outcome {
  readonly answer: unknown;
  readonly state: unknown;
}

/** An object written down a second time, apart from its model, to make histories of it and to judge them. */
export interface Play {
  readonly model: string;
  readonly init: unknown;
  ask(random: RandomStream, domain: number): { f: string; value: unknown };
  /** `told`: the answer to explain, where there is one and the possible answers are too many to list. */
  outcomes(state: unknown, f: string, value: unknown, told?: unknown): readonly Outcome[];
  /** An answer that may be wrong. */
  lie(random: RandomStream, domain: number, f: string, asked: unknown): unknown;
}

const one = (random: RandomStream, domain: number): number => random.integer(1, domain);

const registerOutcomes = (state: unknown, f: string, value: unknown): Outcome[] => {
  if (f === "read") return [{ answer: state, state }];
  if (f === "write") return [{ answer: done, state: value }];
  const [old, next] = value as [unknown, unknown];
  return old === state ? [{ answer: done, state: next }] : [{ answer: refused, state }];
};

const orNull = (random: RandomStream, domain: number): number | null => random.integer(0, domain) || null;

export const plays: readonly Play[] = [
  {
    model: "register",
    init: null,
    ask: (random, domain) =>
      random.integer(0, 1) === 0 ? { f: "read", value: null } : { f: "write", value: one(random, domain) },
    outcomes: registerOutcomes,
    lie: (random, domain, f) => (f === "read" ? orNull(random, domain) : done),
  },
  {
    model: "cas-register",
    init: null,
    ask: (random, domain) =>
      random.pick([
        { f: "read", value: null },
        { f: "write", value: one(random, domain) },
        { f: "cas", value: [orNull(random, domain), one(random, domain)] },
      ]),
    outcomes: registerOutcomes,
    lie: (random, domain, f) =>
      f === "read" ? orNull(random, domain) : f === "cas" ? random.pick([done, refused]) : done,
  },
  {
    model: "counter",
    init: 0,
    ask: (random, domain) =>
      random.pick([
        { f: "read", value: null },
        { f: "add", value: random.integer(-1, domain) },
        { f: "incr", value: one(random, domain) },
      ]),
    outcomes: (state, f, value) => {
      const after = (state as number) + ((value ?? 0) as number);
      return [{ answer: f === "add" ? done : after, state: after }];
    },
    lie: (random, domain, f) => (f === "add" ? done : random.integer(-1, domain * 4)),
  },
  {
    model: "set",
    init: [],
    ask: (random, domain) =>
      random.pick([
        { f: "read", value: null },
        { f: "read", value: null },
        { f: "add", value: one(random, domain) },
        { f: "add", value: one(random, domain) },
        { f: "remove", value: one(random, domain) },
      ]),
    outcomes: (state, f, value) => {
      const rest = (state as number[]).filter((element) => element !== value);
      if (f === "read") return [{ answer: state, state }];
      return [{ answer: done, state: f === "add" ? [...rest, value].sort() : rest }];
    },
    lie: (random, domain, f) =>
      f === "read" ? Array.from({ length: domain }, (_, i) => i + 1).filter(() => random.integer(0, 1) === 0) : done,
  },
  {
    model: "fifo-queue",
    init: [],
    ask: (random, domain) =>
      random.pick([
        { f: "dequeue", value: null },
        { f: "enqueue", value: one(random, domain) },
      ]),
    outcomes: (state, f, value) => {
      const queue = state as number[];
      if (f === "enqueue") return [{ answer: done, state: [...queue, value] }];
      return [{ answer: queue[0] ?? null, state: queue.slice(1) }];
    },
    lie: (random, domain, f) => (f === "dequeue" ? orNull(random, domain) : done),
  },
  {
    model: "unordered-queue",
    init: [],
    ask: (random, domain) =>
      random.pick([
        { f: "dequeue", value: null },
        { f: "enqueue", value: one(random, domain) },
      ]),
    outcomes: (state, f, value) => {
      const queue = state as number[];
      if (f === "enqueue") return [{ answer: done, state: [...queue, value].sort() }];
      if (queue.length === 0) return [{ answer: null, state }];
      return queue.map((answer, taken) => ({ answer, state: queue.filter((_, place) => place !== taken) }));
    },
    lie: (random, domain, f) => (f === "dequeue" ? orNull(random, domain) : done),
  },
  {
    model: "stack",
    init: [],
    ask: (random, domain) =>
      random.pick([
        { f: "pop", value: null },
        { f: "push", value: one(random, domain) },
      ]),
    outcomes: (state, f, value) => {
      const stack = state as number[];
      if (f === "push") return [{ answer: done, state: [...stack, value] }];
      return [{ answer: stack.at(-1) ?? null, state: stack.slice(0, -1) }];
    },
    lie: (random, domain, f) => (f === "pop" ? orNull(random, domain) : done),
  },
  {
    model: "mutex",
    init: false,
    ask: (random) => ({ f: random.pick(["acquire", "release"]), value: null }),
    outcomes: (state, f) => (state === (f === "acquire") ? [] : [{ answer: done, state: !state }]),
    lie: () => done,
  },
  {
    model: "reentrant-mutex",
    init: null,
    ask: (random, domain) => ({ f: random.pick(["acquire", "acquire", "release"]), value: one(random, domain) }),
    outcomes: (state, f, value) => {
      const [owner, holds] = (state ?? [value, 0]) as [unknown, number];
      const after = holds + (f === "acquire" ? 1 : -1);
      return owner !== value || after < 0 ? [] : [{ answer: done, state: after === 0 ? null : [owner, after] }];
    },
    lie: () => done,
  },
  {
    model: "fenced-mutex",
    init: [null, Number.MIN_SAFE_INTEGER],
    ask: (random, domain) => ({ f: random.pick(["acquire", "release"]), value: one(random, domain) }),
    outcomes: (state, f, value, told) => {
      const [owner, last] = state as [unknown, number];
      if (f === "release") return owner === value ? [{ answer: done, state: [null, last] }] : [];
      if (owner !== null) return [];
      const tokens = Array.isArray(told) ? [told[1] as number] : [last + 1, last + 2, last + 3];
      const higher = tokens.filter((token) => token > last);
      return higher.map((token) => ({ answer: [value, token], state: [value, token] }));
    },
    lie: (random, _domain, f, asked) => (f === "acquire" ? [asked, random.integer(1, 9)] : done),
  },
  {
    model: "semaphore",
    init: [],
    ask: (random, domain) => ({ f: random.pick(["acquire", "acquire", "release"]), value: one(random, domain) }),
    outcomes: (state, f, value) => {
      const holders = state as unknown[];
      if (f === "acquire") return holders.length < 2 ? [{ answer: done, state: [...holders, value] }] : [];
      const place = holders.indexOf(value);
      return place < 0 ? [] : [{ answer: done, state: holders.toSpliced(place, 1) }];
    },
    lie: () => done,
  },
  {
    model: "kv-string",
    init: "",
    ask: (random, domain) =>
      random.pick([
        { f: "get", value: null },
        { f: "put", value: `p${one(random, domain)}` },
        { f: "append", value: `a${one(random, domain)}` },
      ]),
    outcomes: (state, f, value) => {
      if (f === "get") return [{ answer: state, state }];
      return [{ answer: done, state: f === "put" ? value : `${state}${value}` }];
    },
    lie: (random, domain, f) => (f === "get" ? `p${one(random, domain)}a${one(random, domain)}` : done),
  },
  {
    model: "multi-register",
    init: { x: null, y: null },
    ask: (random, domain) => {
      const step = (key: string): unknown[] =>
        random.integer(0, 1) === 0 ? ["r", key, null] : ["w", key, one(random, domain)];
      return { f: "txn", value: random.pick([["x"], ["y"], ["x", "y"], ["y", "x"]]).map(step) };
    },
    outcomes: (state, _, value) => {
      const held: Record<string, unknown> = { ...(state as object) };
      const answer = (value as [string, string, unknown][]).map(([kind, key, written]) => {
        if (kind === "w") held[key] = written;
        return [kind, key, held[key]];
      });
      return [{ answer, state: held }];
    },
    lie: (random, domain, _, asked) =>
      (asked as unknown[][]).map(([kind, key, value]) => [kind, key, kind === "r" ? orNull(random, domain) : value]),
  },
];
