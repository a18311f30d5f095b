import type { HistoryEvent } from "../history/event.ts";
import { formatJson } from "../history/exact-json.ts";
import { type CheckerName, checkerNames, checkerOperations } from "./checker-names.ts";
import type { ChosenModelName } from "./chosen-model.ts";
import { stepsOf, ValueSigns } from "./value-signs.ts";

/** Why no model is guessed, and the options by which one can be named instead. */
export interface Abstention {
  readonly why: string;
  readonly options: readonly string[];
}

/** A checker that the operations can belong to alone. */
export interface GuessedChecker {
  readonly checker: CheckerName;
}

export type Guess = ChosenModelName | GuessedChecker | Abstention;

/** How many events of one type had a scalar of which kind as their value. */
export interface ScalarCounts {
  readonly f: string;
  readonly type: HistoryEvent["type"];
  /** Without a value, or with null. */
  readonly empty: number;
  readonly numbers: number;
  readonly texts: number;
}

/** What a history's operations say of the object that they were done to. */
export class ModelGuess {
  readonly #functions = new Set<string>();
  readonly #steps = new Set<unknown>();
  readonly #writes = new Set<string>();
  readonly #values = new ValueSigns();
  /** Whether transactions write every value once, which is what their dependencies are told by. */
  #isElles = true;
  #events = 0;

  /** Whether nothing happened at all. */
  get isEmpty(): boolean {
    return this.#events === 0;
  }

  /** Whether every value is a pair, as those of Jepsen's independent tests are. */
  get allPairs(): boolean {
    return this.#values.allPairs;
  }

  /** Takes note of an event. */
  see(event: HistoryEvent): void {
    const { process, type, f, value } = event;
    this.#events++;
    if (typeof process !== "number") return;
    this.#functions.add(f);
    this.#values.see(event);
    if (f === "txn") for (const step of stepsOf(value)) this.#seeStep(step, type);
  }

  /** Takes note that there are such operations. */
  seeFunction(f: string): void {
    this.#functions.add(f);
  }

  /** Takes note of many events of clients at once, whose values are scalars; of any `f` but `cas`. */
  seeScalars(counts: ScalarCounts): void {
    this.#events += counts.empty + counts.numbers + counts.texts;
    this.#values.seeScalars(counts);
  }

  /**
   * The model that its operations belong to; where several do, the one that demands least, so that a guess never makes
   * a history look worse than it is. Abstains where no model knows all operations, and where a value cannot belong to
   * the one that does. Without any operation, any model will do.
   */
  model(): Guess {
    if (this.#functions.size === 0) return "cas-register";
    const checker = this.#checkerBySign();
    if (checker !== undefined) return { checker };
    const name = this.#byFunctions();
    const options = judgesOf([...this.#functions], this.#values.hasSteps);
    if (this.#values.allPairs) {
      return { why: "every value is a pair, as in Jepsen's independent tests", options: ["--independent", ...options] };
    }
    if (name === null) {
      return { why: `no model knows all of its operations (${[...this.#functions].join(", ")})`, options };
    }
    const misfit = this.#misfit(name);
    return misfit === null ? name : { why: misfit, options };
  }

  #checkerBySign(): CheckerName | undefined {
    const seen = [...this.#functions];
    return checkerNames.find((name) => {
      const { operations = [], sign = [] } = checkerOperations[name];
      return (
        sign.some((f) => this.#functions.has(f) || this.#steps.has(f)) && seen.every((f) => operations.includes(f))
      );
    });
  }

  #byFunctions(): ChosenModelName | null {
    if (this.#steps.has("append")) return this.#onlyTransactions("list-append");
    if (this.#steps.size > 0) return this.#onlyTransactions(this.#isElles ? "rw-register" : "multi-register");
    const candidate = candidates.find(({ sign }) => sign.some((f) => this.#functions.has(f)));
    if (candidate === undefined) return null;
    const { functions, name } = candidate;
    if ([...this.#functions].some((f) => !functions.includes(f))) return null;
    return name === "set" && this.#values.reads.numbers > 0 ? "counter" : name;
  }

  /** Why the values cannot be those of the model; null where nothing speaks against it. */
  #misfit(name: ChosenModelName): string | null {
    const { reads, unexplained, strangeCas, hasSteps, namesOwners } = this.#values;
    if (hasSteps) return "its reads and writes are lists of steps";
    const strangeSteps = [...this.#steps].filter((kind) => !knownSteps.includes(kind));
    if (strangeSteps.length > 0) return `no model knows all steps of its transactions (${strangeSteps.join(", ")})`;
    if (strangeCas !== undefined) return `a cas does not name two values: ${excerpt(strangeCas)}`;
    const others = reads.texts + reads.others;
    if (name === "mutex" && namesOwners)
      return "locks whose operations name an owner may be reentrant, fenced or counting";
    if (name === "counter" && reads.lists + others > 0) return "reads answer with numbers and with other values";
    if (name === "set" && others > 0) return "a read of a set does not answer with a list";
    if (name === "kv-string" && reads.numbers + reads.lists + reads.others > 0)
      return "a read does not answer with text";
    if (name === "set" || name === "list-append" || unexplained === undefined) return null;
    return `a read answers ${excerpt(unexplained)}, which nobody wrote as one value`;
  }

  #seeStep([kind, key, value]: readonly unknown[], type: HistoryEvent["type"]): void {
    this.#steps.add(kind);
    if (kind === "cas") this.#isElles = false;
    if (kind !== "w" || type !== "invoke" || !this.#isElles) return;
    const write = JSON.stringify([key, value]);
    if (this.#writes.has(write)) this.#isElles = false;
    else this.#writes.add(write);
  }

  #onlyTransactions(name: ChosenModelName): ChosenModelName | null {
    return this.#functions.size === 1 ? name : null;
  }
}

const knownSteps: readonly unknown[] = ["r", "w", "append", "cas"];

/** The first candidate of which one sign was seen is the one; it must then know every function of the history. */
const candidates: readonly { name: ChosenModelName; sign: readonly string[]; functions: readonly string[] }[] = [
  { name: "mutex", sign: ["acquire", "release"], functions: ["acquire", "release"] },
  { name: "unordered-queue", sign: ["enqueue", "dequeue"], functions: ["enqueue", "dequeue"] },
  { name: "stack", sign: ["push", "pop"], functions: ["push", "pop"] },
  { name: "counter", sign: ["incr"], functions: ["incr", "add", "read"] },
  { name: "set", sign: ["add", "remove"], functions: ["add", "remove", "read"] },
  { name: "kv-string", sign: ["get", "put", "append"], functions: ["get", "put", "append", "read", "write"] },
  { name: "cas-register", sign: ["read", "write", "cas"], functions: ["read", "write", "cas"] },
];

/** What can be asked for where nothing is guessed, and the operations that it knows. */
const judges: readonly { readonly option: string; readonly functions: readonly string[] }[] = [
  ...checkerNames.flatMap((name) => {
    const { operations, sign } = checkerOperations[name];
    return operations === undefined || sign !== undefined
      ? []
      : [{ option: `--checker ${name}`, functions: operations }];
  }),
  ...["mutex", "reentrant-mutex", "fenced-mutex", "semaphore"].map((name) => {
    return { option: `--model ${name}`, functions: ["acquire", "release"] };
  }),
  { option: "--model register", functions: ["write", "read"] },
  { option: "--model cas-register", functions: ["write", "read", "cas"] },
  { option: "--model kv-string", functions: ["get", "put", "append"] },
  { option: "--model list-append", functions: ["txn"] },
  { option: "--model rw-register", functions: ["txn"] },
  { option: "--model multi-register", functions: ["txn"] },
];

function judgesOf(functions: readonly string[], hasSteps: boolean): string[] {
  const knowing = judges.filter((judge) => functions.every((f) => judge.functions.includes(f)));
  const long = knowing.filter(({ option }) => !hasSteps || option === "--checker long-fork");
  return long.map(({ option }) => option);
}

function excerpt(value: unknown): string {
  const text = formatJson(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
