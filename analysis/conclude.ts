import type { CheckerResult } from "./checker.ts";
import type { Overview } from "./overview.ts";
import type { Results } from "./results.ts";
import { type Verdict, worstVerdict } from "./verdict.ts";

/** The verdict on a run from those of its checkers. A run whose faults all failed to take hold has shown nothing. */
export function conclude(checkers: Readonly<Record<string, CheckerResult>>, overview: Overview): Results {
  const { operations, injected, ineffective } = overview;
  const effective = injected - ineffective.length;
  const checked = worstVerdict(Object.values(checkers).map((result) => result.verdict));
  const withoutFaults = injected > 0 && effective === 0;
  return {
    verdict: checked === "valid" && withoutFaults ? "unknown" : checked,
    summary: summarize(checked, checkers, overview),
    checkers,
    operations,
    faults: { injected, effective },
    warnings: [...overview.warnings, ...ineffective.map((fault) => `fault without proven effect: ${fault}`)],
  };
}

function summarize(checked: Verdict, checkers: Readonly<Record<string, CheckerResult>>, overview: Overview): string {
  const telling = Object.entries(checkers).find(([, result]) => result.verdict === checked);
  if (telling === undefined) return "nothing was checked";
  const [name, result] = telling;
  if (checked !== "valid") return `${name}: ${result.summary}`;
  const { injected, ineffective } = overview;
  if (injected === 0) return `${result.summary}; no fault was injected`;
  if (ineffective.length === injected) {
    return `${result.summary}, but none of the ${plural(injected)} was proven to take effect, so the run shows nothing about faults`;
  }
  if (ineffective.length > 0) {
    return `${result.summary}, but ${ineffective.length} of ${plural(injected)} had no proven effect: ${ineffective.join(", ")}`;
  }
  return `${result.summary}; survived ${plural(injected)}`;
}

function plural(faults: number): string {
  return `${faults} fault${faults === 1 ? "" : "s"}`;
}
