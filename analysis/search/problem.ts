import type { Model, TimedOperation } from "../models/model.ts";
import { StateMachine } from "./state-machine.ts";

/** An operation as a search needs it. */
export interface SearchOperation {
  /** Its place among the object's operations. */
  readonly place: number;
  readonly inv: number;
  /** Infinity: may take effect at any time from its invocation on, or never. */
  readonly ret: number;
  /** What it may have done, as letters of the state machine: one, unless its outcome is unknown. */
  readonly letters: readonly number[];
  readonly pure: boolean;
  /** May be left out although it has an end: it may have taken effect before the operations that are looked at. */
  readonly optional?: boolean;
}

/** Whether some order explains the operations, beginning in one of some states. */
export interface Problem {
  readonly machine: StateMachine;
  readonly operations: readonly SearchOperation[];
  readonly starts: readonly number[];
  /**
   * Given: operations of unknown outcome may be used any number of times, as long as they lead to one of these states.
   * That is less to remember, and a weaker claim.
   */
  readonly unlimitedWithin?: ReadonlySet<number>;
}

/** Where a look at a part of a history may begin. */
export interface AnyState {
  readonly starts: readonly number[];
  /** Whether these are all states there can be, or stand for them. */
  readonly complete: boolean;
}

/** Null when the model does not say. */
export function anyStateOf(
  model: Model,
  operations: readonly TimedOperation[],
  machine: StateMachine,
): AnyState | null {
  const all = model.states?.(operations);
  if (all !== undefined && all !== null) return { starts: all.map((state) => machine.state(state)), complete: true };
  if (model.anyState === undefined) return null;
  return { starts: [machine.state(model.anyState)], complete: false };
}

/** The operations of one object as a problem. Pure operations of unknown outcome say nothing and are left out. */
export function problemOf(model: Model, operations: readonly TimedOperation[]): Problem {
  const machine = new StateMachine(model);
  const compiled = operations.flatMap((operation, place): SearchOperation[] => {
    const { inv, ret } = operation;
    const pure = model.isPure(operation);
    if (operation.outcome !== "info") return [{ place, inv, ret, pure, letters: [machine.letter(operation)] }];
    if (pure) return [];
    const guesses = model.guesses?.(operation, operations) ?? [operation];
    if (guesses.length === 0) return [];
    return [{ place, inv, ret: Infinity, pure, letters: guesses.map((guess) => machine.letter(guess)) }];
  });
  return { machine, operations: compiled, starts: [machine.state(model.init)] };
}
