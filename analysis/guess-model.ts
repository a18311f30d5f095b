import type { HistoryEvent } from "../history/event.ts";
import type { ChosenModelName } from "./chosen-model.ts";

/** What a history's operations say of the object that they were done to. */
export class ModelGuess {
  readonly #functions = new Set<string>();
  readonly #steps = new Set<unknown>();
  readonly #writes = new Set<string>();
  /** Whether transactions write every value once, which is what their dependencies are told by. */
  #isElles = true;
  #readsNumbers = false;

  /** What the operations are, in the order of their first use. */
  get functions(): readonly string[] {
    return [...this.#functions];
  }

  /** Takes note of an event. */
  see({ process, type, f, value }: HistoryEvent): void {
    if (typeof process !== "number") return;
    this.#functions.add(f);
    if (f === "txn" && Array.isArray(value)) for (const step of value) this.#seeStep(step as unknown[], type);
    if (f === "read" && type === "ok" && typeof value === "number") this.#readsNumbers = true;
  }

  /**
   * The model that its operations belong to; null where none knows them all. Where several do, the one that demands
   * least, so that a guess never makes a history look worse than it is. Without any operation, any model will do.
   */
  model(): ChosenModelName | null {
    if (this.#functions.size === 0) return "cas-register";
    if (this.#steps.has("append")) return this.#onlyTransactions("list-append");
    if (this.#steps.size > 0) return this.#onlyTransactions(this.#isElles ? "rw-register" : "multi-register");
    const candidate = candidates.find(({ sign }) => sign.some((f) => this.#functions.has(f)));
    if (candidate === undefined) return null;
    const { functions, name } = candidate;
    if ([...this.#functions].some((f) => !functions.includes(f))) return null;
    return name === "set" && this.#readsNumbers ? "counter" : name;
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

/** The first candidate of which one sign was seen is the one; it must then know every function of the history. */
const candidates: readonly { name: ChosenModelName; sign: readonly string[]; functions: readonly string[] }[] = [
  { name: "mutex", sign: ["acquire", "release"], functions: ["acquire", "release"] },
  { name: "unordered-queue", sign: ["enqueue", "dequeue"], functions: ["enqueue", "dequeue"] },
  { name: "counter", sign: ["incr"], functions: ["incr", "add", "read"] },
  { name: "set", sign: ["add", "remove"], functions: ["add", "remove", "read"] },
  { name: "kv-string", sign: ["get", "put", "append"], functions: ["get", "put", "append", "read", "write"] },
  { name: "cas-register", sign: ["read", "write", "cas"], functions: ["read", "write", "cas"] },
];
