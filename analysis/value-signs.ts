import type { HistoryEvent } from "../history/event.ts";
import { isExactNumber } from "../history/exact-json.ts";
import { isSet } from "../history/set-value.ts";
import type { ScalarCounts } from "./guess-model.ts";
import { isPair } from "./value-shapes.ts";

/** Functions whose operand may be observed later, and those that observe one. */
const puts: ReadonlySet<string> = new Set(["write", "put", "add", "enqueue", "push"]);
const observes: ReadonlySet<string> = new Set(["read", "get", "dequeue", "pop"]);

/** What the values of a history's operations say of the object that they belong to. */
export class ValueSigns {
  readonly #put = new Set<string>();
  #values = 0;
  #pairs = 0;
  /** Of answered reads: how many were numbers, lists, and texts. */
  readonly reads = { numbers: 0, lists: 0, texts: 0, others: 0 };
  /** A list or an object that was observed, though nobody had put it there. */
  unexplained: unknown = undefined;
  /** A compare-and-set that does not name two values. */
  strangeCas: unknown = undefined;
  /** Whether values of reads and writes are steps `[f key value]`. */
  hasSteps = false;
  /** Whether an acquire or a release says who wants the lock. */
  namesOwners = false;

  see({ type, f, key, value = null }: HistoryEvent): void {
    if (f === "txn") for (const step of stepsOf(value)) this.#seeStep(step, type);
    if (value === null || f === "txn") return;
    this.#values++;
    if (isLocking(f)) this.namesOwners = true;
    if (key === undefined && isTuple(f, value)) this.#pairs++;
    if (type === "invoke") this.#asked(f, value);
    else if (type === "ok") this.#answered(f, value);
  }

  seeScalars({ f, type, numbers, texts }: ScalarCounts): void {
    if (f === "txn") return;
    this.#values += numbers + texts;
    if (numbers + texts > 0 && isLocking(f)) this.namesOwners = true;
    if (type !== "ok" || !isRead(f)) return;
    this.reads.numbers += numbers;
    this.reads.texts += texts;
  }

  /** Whether every value is `[key value]`, as in Jepsen's independent tests. */
  get allPairs(): boolean {
    return this.#values > 0 && this.#pairs === this.#values;
  }

  #asked(f: string, value: unknown): void {
    if (isSteps(value)) this.hasSteps = true;
    if (f === "cas") {
      if (!isPair(value)) this.strangeCas ??= value;
      else this.#note(value[1]);
    } else if (puts.has(f)) this.#note(value);
  }

  #answered(f: string, value: unknown): void {
    if (isSteps(value)) this.hasSteps = true;
    if (isRead(f)) this.reads[kindOf(value)]++;
    if (!observes.has(f) || typeof value !== "object") return;
    if (!this.#put.has(JSON.stringify(value))) this.unexplained ??= value;
  }

  #seeStep([kind, , value]: readonly unknown[], type: HistoryEvent["type"]): void {
    if (kind === "w" && type === "invoke") this.#note(value);
    if (kind !== "r" || type !== "ok" || typeof value !== "object" || value === null) return;
    if (!this.#put.has(JSON.stringify(value))) this.unexplained ??= value;
  }

  /** Only what is no scalar: a scalar that nobody put there is for the model to judge. */
  #note(value: unknown): void {
    if (typeof value === "object" && value !== null) this.#put.add(JSON.stringify(value));
  }
}

/** The steps of a transaction; what is no list says nothing, and its checker says so. */
export function stepsOf(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((step) => Array.isArray(step)) : [];
}

function isLocking(f: string): boolean {
  return f === "acquire" || f === "release";
}

function isRead(f: string): boolean {
  return f === "read" || f === "get";
}

function kindOf(value: unknown): "numbers" | "lists" | "texts" | "others" {
  if (Array.isArray(value) || isSet(value)) return "lists";
  if (typeof value === "number" || isExactNumber(value)) return "numbers";
  return typeof value === "string" ? "texts" : "others";
}

/** A compare-and-set has two values anyway; with a key before them the second is a pair itself. */
function isTuple(f: string, value: unknown): boolean {
  if (!isPair(value) || (typeof value[0] === "object" && value[0] !== null)) return false;
  return f !== "cas" || isPair(value[1]);
}

const stepKinds: readonly unknown[] = [":r", ":w", ":read", ":write", ":append", "r", "w", "append"];

function isSteps(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((step) => Array.isArray(step) && stepKinds.includes(step[0]))
  );
}
