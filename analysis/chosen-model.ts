import type { HistoryEvent } from "../history/event.ts";
import { formatJson } from "../history/exact-json.ts";
import type { Model, ModelOptions } from "./models/model.ts";
import { type ModelName, models } from "./models/registry.ts";
import type { ModelName as Consistency } from "./transactions/model-table.ts";

/** Transactions, which are judged by their dependencies instead of by a search for an order. */
const transactionModels = {
  "list-append": { description: "lists: txn of [append, key, element] and [r, key, list]", steps: ["append", "r"] },
  "rw-register": { description: "registers: txn of [w, key, value] and [r, key, value]", steps: ["w", "r"] },
} as const;
export type TransactionModelName = keyof typeof transactionModels;

export type ChosenModelName = ModelName | TransactionModelName;

/** How far a search for an order goes. */
export interface SearchTerms {
  readonly timeMs?: number;
  /** Also when one object is refuted, every other one is searched to its end. */
  readonly allViolations?: true;
}

/** What a history is compared with. */
export interface ChosenModel {
  readonly name: ChosenModelName;
  readonly options: ModelOptions;
  /** Of transactions: what they have to be; strict-serializable when left out. */
  readonly consistency?: readonly Consistency[];
  readonly search?: SearchTerms;
}

/** Every model that can be chosen, and what it is. */
export const modelDescriptions: Readonly<Record<ChosenModelName, string>> = Object.fromEntries(
  Object.entries({ ...models, ...transactionModels }).map(([name, { description }]) => [name, description]),
) as Record<ChosenModelName, string>;

export function isTransactionModel(name: ChosenModelName): name is TransactionModelName {
  return name in transactionModels;
}

/** Of the checker that compares a history with the model; also its name in `results.json`. */
export function modelCheckerName({ name }: ChosenModel): string {
  return isTransactionModel(name) ? name : `linearizable-${name}`;
}

/** Goes through a history and says which of its events the model cannot judge, and why. */
export class ModelFit {
  readonly #model: Pick<Model, "objection">;
  readonly #open = new Map<number, HistoryEvent>();

  constructor({ name, options }: ChosenModel) {
    this.#model = isTransactionModel(name)
      ? { objection: ({ f, value }) => transactionObjection(name, f, value) }
      : models[name].create(options);
  }

  /** Why the model cannot judge the event; null when it can. */
  objection(event: HistoryEvent): string | null {
    const { process, type, f, key, value = null } = event;
    if (typeof process !== "number") return null;
    const named = key === undefined ? {} : { key };
    if (type === "invoke") {
      this.#open.set(process, event);
      return this.#model.objection?.({ f, ...named, asked: value, value, outcome: "info" }) ?? null;
    }
    const asked = this.#open.get(process)?.value ?? null;
    this.#open.delete(process);
    return type === "ok" ? (this.#model.objection?.({ f, ...named, asked, value, outcome: "ok" }) ?? null) : null;
  }
}

function kindOfStep(step: unknown): string {
  const kind: unknown = Array.isArray(step) ? step[0] : step;
  return typeof kind === "string" ? kind : formatJson(kind ?? null);
}

function transactionObjection(name: TransactionModelName, f: string, value: unknown): string | null {
  if (f !== "txn") return `“${f}” is no txn`;
  const known: readonly string[] = transactionModels[name].steps;
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return `${formatJson(value)} is no list of steps`;
  const strange = value.map(kindOfStep).find((kind) => !known.includes(kind));
  return strange === undefined ? null : `“${strange}” is none of the steps ${known.join(", ")}`;
}
