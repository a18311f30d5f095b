import type { CheckerResult } from "./checker.ts";
import type { Overview } from "./overview.ts";
import type { Results } from "./results.ts";
import { type Verdict, worstVerdict } from "./verdict.ts";
import { plural } from "./words.ts";

/**
 * The verdict on a run from those of its checkers. A run that shows too little, because it was cut short, because no fault
 * took hold or because the harness itself erred, is never valid.
 */
export function conclude(checkers: Readonly<Record<string, CheckerResult>>, overview: Overview): Results {
  const { operations, injected, ineffective, changes, inconclusive } = overview;
  const checked = worstVerdict(Object.values(checkers).map((result) => result.verdict));
  return {
    verdict: checked === "valid" && inconclusive.length > 0 ? "unknown" : checked,
    summary: summarize(checked, checkers, overview),
    checkers,
    operations,
    faults: { injected, effective: injected - ineffective.length },
    ...(changes.length > 0 && { changes }),
    warnings: [
      ...inconclusive.map(({ reached, remedy }) => (checked === "invalid" ? reached : `${reached}: ${remedy}`)),
      ...overview.warnings,
      ...Object.values(checkers).flatMap(({ warnings = [] }) => warnings),
      ...ineffective.map((fault) => `fault without proven effect: ${fault}`),
      ...changes.flatMap(({ failedHealthy }) => failedHealthy.map((what) => `not made on a healthy cluster: ${what}`)),
    ],
    ...(inconclusive.length > 0 && { inconclusive }),
  };
}

/**
 * The verdict on a history from elsewhere is the first checker's, which compares it with a model. The others describe
 * it, and of faults nothing is known.
 */
export function concludeImported(checkers: Readonly<Record<string, CheckerResult>>, overview: Overview): Results {
  const [name, { verdict, summary }] = Object.entries(checkers)[0]!;
  const { operations, injected, ineffective, warnings } = overview;
  return {
    verdict,
    summary: verdict === "valid" ? summary : `${name}: ${summary}`,
    checkers,
    operations,
    faults: { injected, effective: injected - ineffective.length },
    warnings,
  };
}

function summarize(checked: Verdict, checkers: Readonly<Record<string, CheckerResult>>, overview: Overview): string {
  const telling = Object.entries(checkers).filter(([, result]) => result.verdict === checked);
  const [first, ...others] = telling;
  if (first === undefined) return "nothing was checked";
  const [name, result] = first;
  const { inconclusive } = overview;
  const why = inconclusive.map(({ reached }) => reached).join("; ");
  if (checked === "valid") {
    return why === "" ? `${result.summary}${underFaults(overview)}` : `${why}; no violation found: ${result.summary}`;
  }
  const said = `${name}: ${result.summary}${alsoSaid(checked, others)}`;
  return checked === "unknown" && why !== "" ? `${why}; ${said}` : said;
}

/** What was done to the cluster meanwhile, and whether that can be said to have been survived. */
function underFaults({ injected, ineffective, changes }: Overview): string {
  const made = changes.map(({ fault, tried, made }) => `${made} of ${tried} ${fault} changes made`).join(", ");
  if (injected === 0) return `; ${made === "" ? "no fault was injected" : made}`;
  if (ineffective.length > 0) {
    return `, but ${ineffective.length} of ${plural(injected, "fault")} had no proven effect: ${ineffective.join(", ")}`;
  }
  return `; survived ${plural(injected, "fault")}${made === "" ? "" : `, ${made}`}`;
}

/** One checker's sentence is enough; that others agree must not go unsaid. */
function alsoSaid(verdict: Verdict, others: readonly (readonly [string, CheckerResult])[]): string {
  return others.length === 0 ? "" : `; ${verdict} by ${others.map(([name]) => name).join(", ")} as well`;
}
