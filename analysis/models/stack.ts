import { monitorStack } from "../monitors/stack.ts";
import { show } from "../words.ts";
import { containerModel, stackWords } from "./container.ts";
import { family, illegal, type ModelOperation, same } from "./model.ts";

/** A stack that gives out the newest element; a pop of null found it empty. The last element of an initial list is on top. */
export const stackModel = family("stack", "a stack, last in first out: push, pop", ({ initial }) => {
  const common = containerModel("stack", initial, stackWords);
  return {
    ...common,
    step: (state: readonly unknown[], { f, asked, value, outcome }: ModelOperation) => {
      if (f === "push") return [...state, asked];
      if (outcome === "info") return state.slice(0, -1);
      return same(state.at(-1) ?? null, value) ? state.slice(0, -1) : illegal;
    },
    monitor: (operations) => monitorStack(operations, common.init),
    whyNot: (state: readonly unknown[], { value }: ModelOperation) =>
      `needs ${value === null ? "an empty stack" : show(value)}, on top of the stack is ${show(state.at(-1))}`,
  };
});
