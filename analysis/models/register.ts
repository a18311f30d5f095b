import { show } from "../words.ts";
import {
  family,
  illegal,
  type Model,
  type ModelOperation,
  type ModelOptions,
  neverPutIn,
  same,
  type TimedOperation,
  unknownFunction,
} from "./model.ts";

/** One value that is read and written as a whole. */
export const registerModel = family("register", "one value: read, write", (options) =>
  register("register", ["read", "write"], options),
);

/** A register that can also be changed on condition of what it holds. */
export const casRegisterModel = family("cas-register", "one value: read, write, cas", (options) =>
  register("cas-register", ["read", "write", "cas"], options),
);

function register(name: string, functions: readonly string[], options: ModelOptions): Model<unknown> {
  const init = options.initial ?? null;
  return {
    name,
    init,
    step,
    isPure,
    observes: ({ f }) => f !== "write",
    objection: (operation) => unknownFunction(operation, functions) ?? malformed(operation),
    saysNothing: ({ f, value }) => f === "read" && value === null && options.nilReads === "unknown",
    observesRefusals: true,
    states: (operations) => distinct([init, ...operations.flatMap(written)]),
    impossible: (operations) => neverPutIn(operations, init, written, seen, "wrote"),
    describeState: (state) => (state === null ? "the register is empty" : `the register holds ${show(state)}`),
    tell,
    whyNot,
  };
}

function step(state: unknown, { f, asked, value, outcome }: ModelOperation): unknown {
  if (f === "write") return asked;
  if (f === "read") return same(state, value) ? state : illegal;
  const [old, next] = asked as [unknown, unknown];
  if (outcome === "refused") return same(state, old) ? illegal : state;
  return same(state, old) ? next : illegal;
}

function isPure({ f, asked, outcome }: ModelOperation): boolean {
  if (f === "read" || outcome === "refused") return true;
  return f === "cas" && same((asked as unknown[])[0], (asked as unknown[])[1]);
}

function malformed({ f, asked }: ModelOperation): string | null {
  const isPair = Array.isArray(asked) && asked.length === 2;
  return f === "cas" && !isPair ? "a compare-and-set does not name two values" : null;
}

function written({ f, asked, outcome }: ModelOperation): unknown[] {
  if (f === "write") return [asked];
  return f === "cas" && outcome !== "refused" ? [(asked as unknown[])[1]] : [];
}

function seen({ f, asked, value, outcome }: TimedOperation): unknown[] {
  if (outcome !== "ok" || f === "write") return [];
  return f === "read" ? [value] : [(asked as unknown[])[0]];
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function tell({ f, asked, value, outcome }: ModelOperation): string {
  if (f === "write") return `wrote ${show(asked)}`;
  if (f === "read") return `read ${show(value)}`;
  const [old, next] = asked as [unknown, unknown];
  return outcome === "refused"
    ? `was refused to change ${show(old)} to ${show(next)}`
    : `changed ${show(old)} to ${show(next)}`;
}

function whyNot(state: unknown, { f, asked, value, outcome }: ModelOperation): string {
  if (outcome === "refused")
    return `needs another value than ${show((asked as unknown[])[0])}, which the register holds`;
  const needed = f === "read" ? value : (asked as unknown[])[0];
  return `needs ${show(needed)}, the register holds ${show(state)}`;
}
