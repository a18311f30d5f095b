import type { TestRecord } from "../history/test-record.ts";
import type { Results } from "./results.ts";

/** Whether a run showed what was wrong with its store on purpose, and which checkers said so. */
export interface MutantOutcome {
  readonly id: string;
  readonly name: string;
  readonly detected: boolean;
  readonly by: readonly string[];
}

/** Results that name the mutant in what they say: nobody must take its bug for the store's own, or miss that it survived. */
export function withMutant(results: Results, mutant: TestRecord["mutant"]): Results {
  if (mutant === undefined) return results;
  const { verdict, summary, checkers } = results;
  const { id, name } = mutant;
  const by = Object.entries(checkers).flatMap(([checker, result]) => (result.verdict === "invalid" ? [checker] : []));
  const outcome = { invalid: "detected", valid: "survived", unknown: "not detected" }[verdict];
  return {
    ...results,
    summary: `mutant ${id} (${name}) ${outcome}: ${summary}`,
    mutant: { id, name, detected: verdict === "invalid", by },
  };
}
