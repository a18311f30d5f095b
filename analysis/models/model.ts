import { show } from "../words.ts";

/** What a step answers when the operation cannot happen in that state. */
export const illegal: unique symbol = Symbol("illegal");

/** An operation as a model sees it. */
export interface ModelOperation {
  readonly f: string;
  /** Left out for an operation on no key. */
  readonly key?: string;
  /** What the client asked for; of an invocation that did not say, what was answered. */
  readonly asked: unknown;
  /** What an ok operation answered; of all others, what was asked for. */
  readonly value: unknown;
  /** `refused`: a compare that certainly did not hold, and so told something about the state. */
  readonly outcome: "ok" | "info" | "refused";
}

/** A model's operation in its time; positions in the history serve as times. */
export interface TimedOperation extends ModelOperation {
  readonly inv: number;
  /** Infinity: of unknown outcome, may take effect at any later time or never. */
  readonly ret: number;
}

/** An answer that nothing can explain, found without a search. */
export interface Impossible {
  /** Places of the operations that show it, the one to blame first. */
  readonly operations: readonly number[];
  /** What is wrong with it, to stand behind "process 3 read 9, but ". */
  readonly why: string;
}

/**
 * A sequential object: what a history is compared with. Everything in it is a pure function, and a state is plain JSON
 * that is never changed. Only `name`, `init`, `step` and `isPure` are needed; what is left out has a sensible default.
 */
export interface Model<State = unknown> {
  readonly name: string;
  readonly init: State;
  /** The state after the operation, or `illegal` when it cannot happen (with this answer) in that state. */
  step(state: State, operation: ModelOperation): State | typeof illegal;
  /** Whether the operation leaves every state as it is. It is then never a choice when it takes effect. */
  isPure(operation: ModelOperation): boolean;
  /** Whether its answer tells something of the state; a history without any has tested nothing. Default: `isPure`. */
  observes?(operation: ModelOperation): boolean;
  /** Why the model cannot judge the operation; null when it can. Default: it can judge all. */
  objection?(operation: ModelOperation): string | null;
  /** Whether an ok operation says nothing at all, such as a read whose answer is not known. */
  saysNothing?(operation: ModelOperation): boolean;
  /** Whether a refused compare is an observation; otherwise it only did not happen. */
  readonly observesRefusals?: boolean;
  /** What an operation of unknown outcome may have answered, where the state after it depends on that. */
  guesses?(operation: ModelOperation, all: readonly ModelOperation[]): readonly ModelOperation[];
  /** Every state that the operations can lead to, and possibly others; null when there are too many. */
  states?(operations: readonly ModelOperation[]): readonly State[] | null;
  /** Where states are too many to list: a state that stands for all, and in which an answer may tell which it was. */
  readonly anyState?: State;
  /** An answer that no order can explain, when that shows at a glance. Never wrong, need not be complete. */
  impossible?(operations: readonly TimedOperation[]): Impossible | null;
  /**
   * Decides without a search, where an algorithm is known for such operations: `linearizable`, or an answer that no order
   * can explain; null where there is none. Asked after `impossible`.
   */
  monitor?(operations: readonly TimedOperation[]): Impossible | "linearizable" | null;
  /** Which operations belong to one object: a name for each operation's. Default: its key. */
  objects?(operations: readonly ModelOperation[]): readonly string[];
  /** Text that is equal for equal states alone. Default: JSON. */
  identity?(state: State): string;
  /** "the register holds 5". */
  describeState?(state: State): string;
  /** What an ok operation did, to stand behind "process 3 ": "read 5", "changed 1 to 2". */
  tell?(operation: ModelOperation): string;
  /** What the operation needs and does not find: "needs 3, the register holds 5". Asked only where it is illegal. */
  whyNot?(state: State, operation: ModelOperation): string;
}

export interface ModelOptions {
  /** What the object holds at first. Each model has its default. */
  readonly initial?: unknown;
  /**
   * What an ok read of null says: `absent`, that there was no value (the default), or `unknown`, nothing at all, as in
   * histories of Knossos.
   */
  readonly nilReads?: "absent" | "unknown";
}

/** A model that can be chosen by name. */
export interface ModelFamily {
  readonly name: string;
  /** What it is and which operations it knows, for help. */
  readonly description: string;
  create(options?: ModelOptions): Model;
}

/** Lets a model of its own state stand where that does not matter. */
export function family<State>(
  name: string,
  description: string,
  create: (options: ModelOptions) => Model<State>,
): ModelFamily {
  return { name, description, create: (options = {}) => create(options) as Model };
}

/** Whether two JSON values are the same. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b);
}

/** Why a model does not know an operation. */
export function unknownFunction(operation: ModelOperation, known: readonly string[]): string | null {
  return known.includes(operation.f) ? null : `“${operation.f}” is none of ${known.join(", ")}`;
}

/** What every model has in common where an answer can only be a value that was put in. */
export function neverPutIn(
  operations: readonly TimedOperation[],
  initial: unknown,
  put: (operation: TimedOperation) => readonly unknown[],
  seen: (operation: TimedOperation) => readonly unknown[],
  verb: string,
): Impossible | null {
  const known = new Set([JSON.stringify(initial ?? null)]);
  for (const operation of operations) for (const value of put(operation)) known.add(JSON.stringify(value));
  for (const [place, operation] of operations.entries()) {
    const strange = seen(operation).find((value) => !known.has(JSON.stringify(value)));
    if (strange !== undefined) return { operations: [place], why: `nobody ${verb} ${show(strange)}` };
  }
  return null;
}
