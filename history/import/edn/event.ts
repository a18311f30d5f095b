import type { EventType, HistoryEvent } from "../../event.ts";
import { HistoryError } from "../../history-error.ts";
import type { ForeignEvent } from "../assembler.ts";
import { type Fields, field, functionOf, typeOf } from "../fields.ts";
import { Processes } from "../processes.ts";
import { Times } from "../times.ts";
import { EdnToJson } from "./json.ts";
import { logValue } from "./log-steps.ts";
import { KeyNames, nameOf } from "./names.ts";
import { printEdn } from "./print.ts";
import type { EdnForm } from "./reader.ts";
import { type EdnValue, isKind, isVector } from "./value.ts";

/**
 * A map as an event, of Jepsen's or of another recorder: `:type`, `:process` and `:f` say what it is; `:value`, `:key`,
 * `:error`, `:node`, `:index` and `:time` may be left out, and fields that Keelhaul does not know are. A whole file may
 * leave out processes, when there is one alone, and the `:f` of transactions. Of what is no client's, everything may be
 * left out but the process.
 */
export class EdnEvents {
  readonly #file: string;
  readonly #independent: boolean;
  readonly #processes = new Processes();
  readonly #keys = new KeyNames();
  readonly #json = new EdnToJson();
  readonly #times = new Times();
  #named: boolean | null = null;

  constructor(file: string, independent: boolean) {
    this.#file = file;
    this.#independent = independent;
  }

  event(form: EdnForm): ForeignEvent {
    return this.read(form).event;
  }

  /** Also whether the operation is one of those that read everything at the end, as Maelstrom marks them. */
  read({ value: form, line }: EdnForm): { readonly event: ForeignEvent; readonly isFinal: boolean } {
    const fields = this.#fields(form, line);
    return { event: this.#event(fields, line), isFinal: field(fields, "final") === true };
  }

  #event(fields: Fields, line: number): ForeignEvent {
    const process = this.#process(fields, line);
    const said = typeof process === "number" ? this.#operation(fields, line) : this.#annotation(fields);
    const node = field(fields, "node") ?? null;
    const error = field(fields, "error") ?? null;
    return {
      line,
      ...this.#place(fields),
      process,
      ...said,
      ...(node === null ? {} : { node: nameOf(node) }),
      ...(error === null ? {} : { error: nameOf(error) }),
    };
  }

  #fields(form: EdnValue, line: number): Fields {
    const map = isKind(form, "tagged") ? form.value : form;
    if (!isKind(map, "map")) throw this.#error(line, excerpt(form), "a map with :type, :process and :f");
    const fields = new Map<string, EdnValue>();
    for (const [key, value] of map.entries) {
      if (!isKind(key, "keyword") && typeof key !== "string") {
        throw this.#error(line, `the field ${excerpt(key)}`, "a keyword such as :type");
      }
      const name = nameOf(key);
      if (fields.has(name)) throw this.#error(line, `:${name} twice`, "every field once");
      fields.set(name, value);
    }
    return fields;
  }

  #process(fields: Fields, line: number): HistoryEvent["process"] {
    const process = field(fields, "process");
    const type = typeOf(fields);
    const named = process !== undefined;
    if (!named && this.#named === true && type === "info") return "nemesis";
    if (this.#named !== null && this.#named !== named) {
      throw this.#error(line, `${named ? "a" : "no"} :process`, `${named ? "none" : "one"}, as in the lines before`);
    }
    this.#named = named;
    return process === undefined ? 0 : this.#processes.of(process, type === "invoke");
  }

  /** A fault may be told in any way: it never makes a history unreadable. */
  #annotation(fields: Fields): Pick<HistoryEvent, "type" | "f" | "value"> {
    const f = functionOf(fields) ?? null;
    const value = field(fields, "value");
    return {
      type: typeOf(fields) ?? "info",
      f: f === null ? "event" : nameOf(f),
      ...(value === undefined ? {} : { value: this.#json.json(value) }),
    };
  }

  #operation(fields: Fields, line: number): Pick<HistoryEvent, "type" | "f" | "key" | "value"> {
    const type = this.#type(fields, line);
    const f = this.#function(fields, line);
    const plain = field(fields, "value");
    const whole = plain === undefined ? field(fields, type === "invoke" ? "asked" : "answered") : plain;
    const { key, value } = this.#independent ? this.#tuple(whole, line) : { key: field(fields, "key"), value: whole };
    const ofLogs = logValue(f, value, (named) => this.#nameOf(named), this.#json);
    const told = ofLogs ?? (f === "txn" ? this.#transaction(value, type, line) : this.#optional(value));
    return { type, f, ...(key === undefined ? {} : { key: this.#nameOf(key) }), ...operand(f, type, told) };
  }

  #type(fields: Fields, line: number): EventType {
    const type = typeOf(fields);
    if (type !== undefined) return type;
    const told = field(fields, "type");
    throw this.#error(line, told === undefined ? "no :type" : `type ${excerpt(told)}`, ":invoke, :ok, :fail or :info");
  }

  #function(fields: Fields, line: number): string {
    const f = functionOf(fields);
    if (isKind(f, "keyword") || isKind(f, "symbol") || typeof f === "string") {
      const name = nameOf(f);
      return transactionNames.includes(name) ? "txn" : name;
    }
    if (f === undefined && isVector(field(fields, "value"))) return "txn";
    throw this.#error(line, f === undefined ? "no :f" : `f ${excerpt(f)}`, "a function such as :read");
  }

  /** Where a file leaves out an index or a time, or says -1, as Jepsen does for none, the order in the file counts. */
  #place(fields: Fields): Pick<ForeignEvent, "index" | "time" | "intendedNs"> {
    const index = field(fields, "index");
    const time = this.#times.ns(fields);
    const intendedNs = field(fields, "intendedNs");
    return {
      ...(isCount(index) ? { index } : {}),
      ...(time === null ? {} : { time }),
      ...(isCount(intendedNs) ? { intendedNs } : {}),
    };
  }

  #tuple(whole: EdnValue | undefined, line: number): { key: EdnValue; value: EdnValue } {
    if (isVector(whole) && whole.length === 2) return { key: whole[0]!, value: whole[1]! };
    throw this.#error(line, `value ${excerpt(whole ?? null)}`, "[key value], as independent tests have it");
  }

  /** Steps `[f key value]`; a transaction that failed, or whose answer is not known, need not tell them. */
  #transaction(value: EdnValue | undefined, type: EventType, line: number): unknown {
    const steps = itemsOf(value);
    const told = steps?.every((step) => stepOf(step) !== null) === true;
    if (!told && (type === "fail" || type === "info")) return undefined;
    if (steps === null) throw this.#error(line, `value ${excerpt(value ?? null)}`, "a vector of [f key value]");
    return steps.map((form) => {
      const step = stepOf(form);
      if (step === null) throw this.#error(line, excerpt(form), "[f key value], as a step of a transaction");
      return [step.f, this.#nameOf(step.key), this.#json.json(step.operand)];
    });
  }

  #nameOf(key: EdnValue): string {
    return this.#keys.of(key, this.#json.identity(key));
  }

  #optional(value: EdnValue | undefined): unknown {
    return value === undefined ? undefined : this.#json.json(value);
  }

  #error(line: number, found: string, expected: string): HistoryError {
    return new HistoryError(this.#file, line, found, expected);
  }
}

const transactionNames: readonly string[] = ["txn", "transaction", "transact"];
const stepNames: Readonly<Record<string, string>> = { read: "r", write: "w" };

function itemsOf(value: EdnValue | undefined): readonly EdnValue[] | null {
  if (isVector(value)) return value;
  return isKind(value, "list") ? value.items : null;
}

/** `[f key value]`; a read that is asked for need not leave room for its answer. */
function stepOf(form: EdnValue): { readonly f: string; readonly key: EdnValue; readonly operand: EdnValue } | null {
  const [kind, key, operand = null, ...more] = itemsOf(form) ?? [];
  if (kind === undefined || key === undefined || more.length > 0) return null;
  if (!isKind(kind, "keyword") && typeof kind !== "string") return null;
  const f = stepNames[nameOf(kind)] ?? nameOf(kind);
  return f !== "r" && itemsOf(form)?.length === 2 ? null : { f, key, operand };
}

/** A read is asked without a value, whatever a hand-made file says, and answered with one: nil where it is left out. */
function operand(f: string, type: EventType, value: unknown): { value?: unknown } {
  if (f === "read" && type !== "ok") return { value: null };
  return value === undefined && f !== "read" ? {} : { value: value ?? null };
}

function isCount(value: EdnValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function excerpt(value: EdnValue): string {
  const text = printEdn(value);
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
}
