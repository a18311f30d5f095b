import type { Json, KvCommand, KvMicroOp, KvResult } from "./commands.ts";
import { isLargerThan, jsonBytes } from "./json-bytes.ts";
import { GrowingList } from "./list.ts";
import { sameJson } from "./same-json.ts";

/** What a key holds: lists that were appended to are kept so that they can grow. */
export type Stored = Exclude<Json, null> | GrowingList;

/** What keys hold, or what a transaction that is under way makes of it. Null is an absent key. */
export interface Table {
  get(key: string): Stored | null;
  set(key: string, value: Stored | null): void;
}

/** Carries out one command. Every node must come to the same: nothing here may look at a clock, chance or the machine. */
export function applyTo(table: Table, command: KvCommand, maxValueBytes: number): KvResult {
  return appliers[command.type](table, command as never, maxValueBytes);
}

/** The value as JSON; null for an absent key. */
export function jsonOf(stored: Stored | null): Json {
  return stored instanceof GrowingList ? stored.toJson() : stored;
}

type Applier<T extends KvCommand["type"]> = (
  table: Table,
  command: Extract<KvCommand, { type: T }>,
  maxValueBytes: number,
) => KvResult;

const done: KvResult = { type: "ok", value: null };

const appliers: { readonly [T in KvCommand["type"]]: Applier<T> } = {
  put: (table, { key, value }, limitBytes) => {
    if (isLargerThan(limitBytes, value)) return { type: "too-large", limitBytes };
    table.set(key, value);
    return done;
  },
  cas: (table, { key, expected, value }, limitBytes) => {
    if (!sameJson(jsonOf(table.get(key)), expected)) return { type: "cas-mismatch" };
    return appliers.put(table, { type: "put", key, value }, limitBytes);
  },
  delete: (table, { key }) => {
    table.set(key, null);
    return done;
  },
  append: (table, { key, element }, limitBytes) => {
    const list = listOf(table.get(key));
    if (list === null) return { type: "wrong-type" };
    const longer = list.append(element);
    if (longer.bytes > limitBytes) return { type: "too-large", limitBytes };
    table.set(key, longer);
    return done;
  },
  incr: (table, { key, by }) => {
    const found = table.get(key) ?? 0;
    if (typeof found !== "number" || !Number.isFinite(found + by)) return { type: "wrong-type" };
    table.set(key, found + by);
    return { type: "ok", value: found + by };
  },
  txn: (table, { steps }, limitBytes) => {
    const view = new Draft(table);
    const answers: KvMicroOp[] = [];
    let readBytes = 0;
    for (const step of steps) {
      const result = applyStep(view, step, limitBytes);
      if (result.type !== "ok") return result;
      if (step[0] === "r") readBytes += bytesOf(view.get(step[1]));
      if (readBytes > limitBytes) return { type: "too-large", limitBytes };
      answers.push((step[0] === "r" ? ["r", step[1], result.value] : step) as KvMicroOp);
    }
    view.commit();
    return { type: "ok", value: answers };
  },
};

/** What a transaction changed so far, over what it found. */
class Draft implements Table {
  readonly #below: Table;
  readonly #changed = new Map<string, Stored | null>();

  constructor(below: Table) {
    this.#below = below;
  }

  get(key: string): Stored | null {
    const changed = this.#changed.get(key);
    return changed === undefined ? this.#below.get(key) : changed;
  }

  set(key: string, value: Stored | null): void {
    this.#changed.set(key, value);
  }

  commit(): void {
    for (const [key, value] of this.#changed) this.#below.set(key, value);
  }
}

function applyStep(view: Table, [kind, key, operand]: KvMicroOp, limitBytes: number): KvResult {
  if (kind === "r") return { type: "ok", value: jsonOf(view.get(key)) };
  if (kind === "w") return appliers.put(view, { type: "put", key, value: operand }, limitBytes);
  if (kind === "append") return appliers.append(view, { type: "append", key, element: operand }, limitBytes);
  const [expected, value] = operand;
  return appliers.cas(view, { type: "cas", key, expected, value }, limitBytes);
}

function listOf(stored: Stored | null): GrowingList | null {
  if (stored instanceof GrowingList) return stored;
  if (stored === null) return GrowingList.of([]);
  return Array.isArray(stored) ? GrowingList.of(stored) : null;
}

function bytesOf(stored: Stored | null): number {
  return stored instanceof GrowingList ? stored.bytes : jsonBytes(stored);
}
