import { defaultSearchBudget } from "../search/linearizable.ts";
import { exactThenSearched } from "../search/open-registers.ts";

/** Registers whose values are written once: what the exact check leaves open even so is searched, and that is not much. */
export const registerChecker = exactThenSearched("register", {
  initial: null,
  causes: ["refused-cas", "counterexample-too-large"],
  budget: { ...defaultSearchBudget, nodes: 5_000_000, timeMs: 10_000 },
});
