import type { Json, KvCommand, KvMicroOp, KvResult } from "./commands.ts";
import { sameJson } from "./same-json.ts";

/**
 * The replicated state machine: string keys, JSON values. Deterministic: the same commands in the same order give the
 * same state and results on every node (§2.1), so nothing here may look at a clock, a random number or the machine.
 * Values are never changed in place, so one that was read stays what it was.
 */
export class KvStore {
  readonly #values = new Map<string, Json>();
  readonly #table: Table = {
    get: (key) => this.get(key),
    set: (key, value) => (value === null ? this.#values.delete(key) : this.#values.set(key, value)),
  };

  get(key: string): Json {
    return this.#values.get(key) ?? null;
  }

  apply(command: KvCommand): KvResult {
    return appliers[command.type](this.#table, command as never);
  }
}

/** What keys hold, or what a transaction that is under way makes of it. Null is an absent key. */
interface Table {
  get(key: string): Json;
  set(key: string, value: Json): unknown;
}

type Applier<T extends KvCommand["type"]> = (table: Table, command: Extract<KvCommand, { type: T }>) => KvResult;

const appliers: { readonly [T in KvCommand["type"]]: Applier<T> } = {
  put: (table, { key, value }) => {
    table.set(key, value);
    return ok(value);
  },
  cas: (table, { key, expected, value }) => {
    const found = table.get(key);
    if (!sameJson(found, expected)) return { type: "cas-mismatch", found };
    table.set(key, value);
    return ok([expected, value]);
  },
  delete: (table, { key }) => {
    table.set(key, null);
    return ok(null);
  },
  append: (table, { key, element }) => {
    const found = table.get(key) ?? [];
    if (!Array.isArray(found)) return { type: "wrong-type", found };
    table.set(key, [...found, element]);
    return ok(element);
  },
  incr: (table, { key, by }) => {
    const found = table.get(key) ?? 0;
    if (typeof found !== "number") return { type: "wrong-type", found };
    table.set(key, found + by);
    return ok(found + by);
  },
  txn: (table, { steps }) => {
    const changed = new Map<string, Json>();
    const view: Table = {
      get: (key) => changed.get(key) ?? (changed.has(key) ? null : table.get(key)),
      set: (key, value) => changed.set(key, value),
    };
    const done: KvMicroOp[] = [];
    for (const step of steps) {
      const result = applyStep(view, step);
      if (result.type !== "ok") return result;
      done.push((step[0] === "r" ? ["r", step[1], result.value] : step) as KvMicroOp);
    }
    for (const [key, value] of changed) table.set(key, value);
    return ok(done);
  },
};

function applyStep(view: Table, [kind, key, operand]: KvMicroOp): KvResult {
  if (kind === "r") return ok(view.get(key));
  if (kind === "w") return appliers.put(view, { type: "put", key, value: operand });
  if (kind === "append") return appliers.append(view, { type: "append", key, element: operand });
  const [expected, value] = operand;
  return appliers.cas(view, { type: "cas", key, expected, value });
}

function ok(value: Json): KvResult {
  return { type: "ok", value };
}
