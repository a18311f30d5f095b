import { show } from "../words.ts";
import { family, illegal, type Model, type ModelOperation, same, unknownFunction } from "./model.ts";

/** What keys hold, in alphabetical order; those that hold their initial value are left out. */
type Registers = readonly (readonly [key: string, value: unknown])[];

type Step = readonly [kind: string, key: string, value: unknown];

/** With more combinations of values than this there are too many states to go through. */
const maxListedStates = 4096;

/** Several registers that transactions read and write at once; `initial` is a value a key. */
export const multiRegisterModel = family(
  "multi-register",
  "several registers: txn of [r|read, key, value], [w|write, key, value] and [cas, key, [old, new]]",
  (options): Model<Registers> => {
    const initial = (options.initial ?? {}) as Readonly<Record<string, unknown>>;
    const unsure = options.nilReads === "unknown";
    return {
      name: "multi-register",
      init: [],
      step: (state, operation) => step(state, operation, initial, unsure),
      isPure: (operation) => operation.outcome === "refused" || stepsOf(operation).every(([kind]) => isRead(kind)),
      observes: (operation) => stepsOf(operation).some(([kind]) => kind === "cas" || isRead(kind)),
      objection: (operation) => unknownFunction(operation, ["txn"]) ?? malformed(operation),
      observesRefusals: true,
      states: (operations) => combinations(operations, initial),
      objects: coupledKeys,
      describeState: (state) => describe(state, initial),
      tell: (operation) => `did ${stepsOf(operation).map(told).join(", ")}`,
      whyNot: (state, operation) => `needs other values: ${describe(state, initial, keysOf(operation))}`,
    };
  },
);

function step(
  state: Registers,
  operation: ModelOperation,
  initial: Readonly<Record<string, unknown>>,
  unsure: boolean,
): Registers | typeof illegal {
  const held = new Map(state);
  const holds = (key: string): unknown => (held.has(key) ? held.get(key) : (initial[key] ?? null));
  const answered = operation.outcome === "ok";
  let refused = false;
  for (const [kind, key, value] of stepsOf(operation)) {
    if (isRead(kind)) {
      const known = answered && !(unsure && value === null);
      if (known && !same(holds(key), value)) return illegal;
    } else if (kind === "cas") {
      const [old, next] = value as [unknown, unknown];
      refused ||= !same(holds(key), old);
      held.set(key, next);
    } else held.set(key, value);
  }
  if (operation.outcome === "refused") return refused ? state : illegal;
  if (refused) return illegal;
  return [...held].filter(([key, value]) => !same(value, initial[key] ?? null)).sort(([a], [b]) => (a < b ? -1 : 1));
}

function stepsOf({ value }: ModelOperation): readonly Step[] {
  return value as readonly Step[];
}

function isRead(kind: string): boolean {
  return kind === "r" || kind === "read";
}

function malformed({ value }: ModelOperation): string | null {
  const known = ["r", "read", "w", "write", "cas"];
  const isStep = (one: unknown): boolean => Array.isArray(one) && known.includes(one[0] as string);
  return Array.isArray(value) && value.every(isStep)
    ? null
    : `a transaction has a step that is none of ${known.join(", ")}`;
}

function keysOf(operation: ModelOperation): string[] {
  return [...new Set(stepsOf(operation).map(([, key]) => String(key)))];
}

/** Keys that some transaction uses together are one object; all others are objects of their own. */
function coupledKeys(operations: readonly ModelOperation[]): string[] {
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    let at = key;
    while (parent.has(at) && parent.get(at) !== at) at = parent.get(at)!;
    return at;
  };
  for (const operation of operations) {
    const [first = "", ...others] = keysOf(operation);
    for (const other of others) parent.set(root(other), root(first));
  }
  return operations.map((operation) => root(keysOf(operation)[0] ?? ""));
}

function combinations(
  operations: readonly ModelOperation[],
  initial: Readonly<Record<string, unknown>>,
): Registers[] | null {
  const values = new Map<string, Map<string, unknown>>();
  for (const [kind, key, value] of operations.flatMap(stepsOf)) {
    if (isRead(kind)) continue;
    const written = kind === "cas" ? (value as unknown[])[1] : value;
    if (same(written, initial[key] ?? null)) continue;
    values.set(key, (values.get(key) ?? new Map<string, unknown>()).set(JSON.stringify(written), written));
  }
  let states: Registers[] = [[]];
  for (const [key, held] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (states.length * (held.size + 1) > maxListedStates) return null;
    states = states.flatMap((state) => [
      state,
      ...[...held.values()].map((value) => [...state, [key, value] as const]),
    ]);
  }
  return states;
}

function told([kind, key, value]: Step): string {
  if (isRead(kind)) return `read ${show(value)} from ${key}`;
  if (kind !== "cas") return `wrote ${show(value)} to ${key}`;
  const [old, next] = value as [unknown, unknown];
  return `changed ${key} from ${show(old)} to ${show(next)}`;
}

function describe(state: Registers, initial: Readonly<Record<string, unknown>>, only?: readonly string[]): string {
  const held = new Map<string, unknown>([...Object.entries(initial), ...state]);
  const keys = only ?? [...held.keys()].sort();
  return keys.length === 0
    ? "nothing was written"
    : keys.map((key) => `${key} holds ${show(held.get(key))}`).join(", ");
}
