import { annotators, type EventType, type HistoryEvent } from "../../event.ts";
import { HistoryError } from "../../history-error.ts";
import type { ForeignEvent } from "../assembler.ts";
import { nameOf, toJson } from "./json.ts";
import { printEdn } from "./print.ts";
import type { EdnForm } from "./reader.ts";
import { type EdnValue, isKind, isVector } from "./value.ts";

type CountField = "index" | "time" | "intendedNs";
type Fields = ReadonlyMap<string, EdnValue>;

/**
 * A map of Jepsen's as an event: `:type`, `:process` and `:f` say what it is; `:value`, `:key`, `:error`, `:node`,
 * `:index` and `:time` may be left out, and fields that Keelhaul does not know are. A whole file may leave out
 * processes, when there is one alone, and the `:f` of transactions.
 */
export class EdnEvents {
  readonly #file: string;
  readonly #independent: boolean;
  /** Keys by their names, so that `:x` and "x" are not taken for one. */
  readonly #keys = new Map<string, string>();
  #named: boolean | null = null;

  constructor(file: string, independent: boolean) {
    this.#file = file;
    this.#independent = independent;
  }

  event({ value: form, line }: EdnForm): ForeignEvent {
    const fields = this.#fields(form, line);
    const process = this.#process(fields, line);
    const type = this.#type(fields, line);
    const [f, value, error] = [this.#function(fields, line), fields.get("value"), fields.get("error")];
    const told = typeof process === "number" ? this.#operation(fields, f, type, value, line) : annotation(value);
    const node = fields.get("node");
    return {
      line,
      ...this.#count(fields, "index", line),
      ...this.#count(fields, "time", line),
      process,
      type,
      f,
      ...told,
      ...(node === undefined || node === null ? {} : { node: nameOf(node) }),
      ...(error === undefined || error === null ? {} : { error: nameOf(error) }),
      ...this.#count(fields, "intendedNs", line),
    };
  }

  #fields(form: EdnValue, line: number): Fields {
    const map = isKind(form, "tagged") ? form.value : form;
    if (!isKind(map, "map")) throw this.#error(line, excerpt(form), "a map with :type, :process and :f");
    const fields = new Map<string, EdnValue>();
    for (const [key, value] of map.entries) {
      if (!isKind(key, "keyword")) throw this.#error(line, `the field ${excerpt(key)}`, "a keyword such as :type");
      if (fields.has(key.name)) throw this.#error(line, `:${key.name} twice`, "every field once");
      fields.set(key.name, value);
    }
    return fields;
  }

  #process(fields: Fields, line: number): HistoryEvent["process"] {
    const process = fields.get("process");
    const named = process !== undefined;
    if (this.#named !== null && this.#named !== named) {
      throw this.#error(line, `${named ? "a" : "no"} :process`, `${named ? "none" : "one"}, as in the lines before`);
    }
    this.#named = named;
    if (process === undefined) return 0;
    if (isKind(process, "keyword")) {
      const annotator = annotators.find((known) => known === process.name);
      if (annotator !== undefined) return annotator;
    }
    if (isCount(process)) return process;
    throw this.#error(line, `process ${excerpt(process)}`, "a whole number from 0, or :nemesis");
  }

  #type(fields: Fields, line: number): EventType {
    const type = fields.get("type");
    const known = isKind(type, "keyword") ? eventTypes.find((name) => name === type.name) : undefined;
    if (known !== undefined) return known;
    throw this.#error(line, type === undefined ? "no :type" : `type ${excerpt(type)}`, ":invoke, :ok, :fail or :info");
  }

  #function(fields: Fields, line: number): string {
    const f = fields.get("f");
    if (isKind(f, "keyword") || typeof f === "string") return nameOf(f);
    if (f === undefined && isVector(fields.get("value"))) return "txn";
    throw this.#error(line, f === undefined ? "no :f" : `f ${excerpt(f)}`, "a function such as :read");
  }

  #count(fields: Fields, name: CountField, line: number): Partial<Record<typeof name, number>> {
    const value = fields.get(name);
    if (value === undefined) return {};
    if (isCount(value)) return { [name]: value };
    throw this.#error(line, `${name} ${excerpt(value)}`, "a whole number from 0");
  }

  #operation(fields: Fields, f: string, type: EventType, whole: EdnValue | undefined, line: number) {
    const { key, value } = this.#independent ? this.#tuple(whole, line) : { key: fields.get("key"), value: whole };
    return {
      ...(key === undefined ? {} : { key: this.#key(key, line) }),
      ...operand(f, type, f === "txn" ? this.#transaction(value, type, line) : optional(value)),
    };
  }

  #tuple(whole: EdnValue | undefined, line: number): { key: EdnValue; value: EdnValue } {
    if (isVector(whole) && whole.length === 2) return { key: whole[0]!, value: whole[1]! };
    throw this.#error(line, `value ${excerpt(whole ?? null)}`, "[key value], as independent tests have it");
  }

  /** Steps `[f key value]`; a transaction that failed, or whose answer is not known, need not tell them. */
  #transaction(value: EdnValue | undefined, type: EventType, line: number): unknown {
    const told = isVector(value) && value.every(isStep);
    if (!told && (type === "fail" || type === "info")) return undefined;
    if (!isVector(value)) throw this.#error(line, `value ${excerpt(value ?? null)}`, "a vector of [f key value]");
    return value.map((step) => {
      if (!isStep(step)) throw this.#error(line, excerpt(step), "[f key value], as a step of a transaction");
      const [f, key, operand] = step;
      return [stepNames[nameOf(f)] ?? nameOf(f), this.#key(key, line), toJson(operand)];
    });
  }

  #key(key: EdnValue, line: number): string {
    const name = nameOf(key);
    const printed = printEdn(key);
    const known = this.#keys.get(name);
    if (known === undefined) this.#keys.set(name, printed);
    else if (known !== printed) throw this.#error(line, `key ${printed}`, `${known}, as in the lines before`);
    return name;
  }

  #error(line: number, found: string, expected: string): HistoryError {
    return new HistoryError(this.#file, line, found, expected);
  }
}

const eventTypes = ["invoke", "ok", "fail", "info"] as const satisfies readonly EventType[];
const stepNames: Readonly<Record<string, string>> = { read: "r", write: "w" };

function isStep(value: EdnValue): value is readonly [f: EdnValue, key: EdnValue, operand: EdnValue] {
  return isVector(value) && value.length === 3 && (isKind(value[0], "keyword") || typeof value[0] === "string");
}

function annotation(value: EdnValue | undefined): { value?: unknown } {
  return value === undefined ? {} : { value: toJson(value) };
}

function optional(value: EdnValue | undefined): unknown {
  return value === undefined ? undefined : toJson(value);
}

/** A read is asked without a value, whatever a hand-made file says, and answered with one: nil where it is left out. */
function operand(f: string, type: EventType, value: unknown): { value?: unknown } {
  if (f === "read" && type !== "ok") return { value: null };
  return value === undefined && f !== "read" ? {} : { value: value ?? null };
}

function isCount(value: EdnValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function excerpt(value: EdnValue): string {
  const text = printEdn(value);
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
}
