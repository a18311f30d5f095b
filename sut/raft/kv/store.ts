/** A JSON value; null is also what an absent key reads as. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type KvCommand =
  | { readonly type: "put"; readonly key: string; readonly value: Json }
  | { readonly type: "cas"; readonly key: string; readonly expected: Json; readonly value: Json };

export type KvResult = { readonly type: "ok" } | { readonly type: "cas-mismatch"; readonly found: Json };

/**
 * The replicated state machine: string keys, JSON values. Deterministic: the same commands in the same order give the
 * same state and results on every node (§2.1), so nothing here may look at a clock, a random number or the machine.
 */
export class KvStore {
  readonly #values = new Map<string, Json>();

  get(key: string): Json {
    return this.#values.get(key) ?? null;
  }

  apply(command: KvCommand): KvResult {
    return appliers[command.type](this.#values, command as never);
  }
}

type Applier<T extends KvCommand["type"]> = (
  values: Map<string, Json>,
  command: Extract<KvCommand, { type: T }>,
) => KvResult;

const appliers: { readonly [T in KvCommand["type"]]: Applier<T> } = {
  put: (values, { key, value }) => {
    values.set(key, value);
    return { type: "ok" };
  },
  cas: (values, { key, expected, value }) => {
    const found = values.get(key) ?? null;
    if (!sameJson(found, expected)) return { type: "cas-mismatch", found };
    values.set(key, value);
    return { type: "ok" };
  },
};

/** Equality of JSON values; the order of an object's keys does not matter. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = b as Readonly<Record<string, Json>>;
  if (left.length !== Object.keys(right).length) return false;
  return left.every(([key, value]) => Object.hasOwn(right, key) && sameJson(value, right[key] ?? null));
}
