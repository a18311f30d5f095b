/**
 * Every checker, in the order of help, with the operations that it judges; none where those of any history will do.
 * `sign`: operations, or steps of them, that only histories of this checker have: it is taken where nothing is asked for.
 * Apart from the registry, so that help and guesses load no checker.
 */
const catalog = {
  register: {},
  "cas-register": {},
  sequential: {},
  "linearizable-register": {},
  "linearizable-cas-register": {},
  "linearizable-multi-register": {},
  "linearizable-mutex": {},
  "linearizable-reentrant-mutex": {},
  "linearizable-fenced-mutex": {},
  "linearizable-semaphore": {},
  "linearizable-set": {},
  "linearizable-counter": {},
  "linearizable-fifo-queue": {},
  "linearizable-unordered-queue": {},
  "linearizable-stack": {},
  "linearizable-kv-string": {},
  set: {},
  "set-full": { operations: ["add", "read"] },
  "append-list": { operations: ["append", "read"] },
  counter: { operations: ["add", "incr", "read"] },
  queue: { operations: ["enqueue", "dequeue", "drain"] },
  fifo: { operations: ["enqueue", "dequeue", "drain"] },
  bank: { operations: ["transfer", "open", "read"] },
  "long-fork": { operations: ["write", "read", "read-group"] },
  monotonic: { operations: ["add", "incr", "read"] },
  "unique-ids": { operations: ["generate"] },
  lock: { operations: ["acquire", "release"] },
  kafka: {
    operations: ["send", "poll", "txn", "assign", "subscribe", "crash", "debug-topic-partitions"],
    sign: ["send", "poll"],
  },
  "causal-reverse": { operations: ["write", "read"] },
  g2: { operations: ["insert"] },
  upsert: { operations: ["upsert", "read"] },
  "pn-counter": { operations: ["add", "read"] },
  staleness: {},
  statistics: {},
  availability: {},
  crashes: {},
  leaders: {},
  invariants: {},
  load: {},
  "list-append": {},
  "rw-register": {},
} as const satisfies Record<string, CheckerOperations>;

export interface CheckerOperations {
  readonly operations?: readonly string[];
  readonly sign?: readonly string[];
}

export type CheckerName = keyof typeof catalog;

/** The name of every checker. */
export const checkerNames = Object.keys(catalog) as readonly CheckerName[];

export const checkerOperations: Readonly<Record<CheckerName, CheckerOperations>> = catalog;
