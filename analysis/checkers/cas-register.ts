import type { Checker } from "../checker.ts";
import { defaultSearchBudget } from "../search/linearizable.ts";
import { exactThenSearched, type SearchedRegisterResult } from "../search/open-registers.ts";

/** Registers whose values may repeat: each key is judged exactly where that is possible, and by search elsewhere. */
export function casRegisterFrom(initial: unknown): Checker<SearchedRegisterResult> {
  const causes = ["values-repeat", "refused-cas", "counterexample-too-large"] as const;
  return exactThenSearched("cas-register", { initial, causes, budget: defaultSearchBudget });
}

export const casRegisterChecker = casRegisterFrom(null);
