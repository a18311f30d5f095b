import type { CheckerResult } from "./checker.ts";
import type { Overview } from "./overview.ts";
import type { Results } from "./results.ts";
import { type Verdict, worstVerdict } from "./verdict.ts";

/**
 * The verdict on a run from those of its checkers. A run whose faults all failed to take hold has shown nothing, and
 * one in which the harness itself erred too little.
 */
export function conclude(checkers: Readonly<Record<string, CheckerResult>>, overview: Overview): Results {
  const { operations, injected, ineffective, changes, harness } = overview;
  const effective = injected - ineffective.length;
  const checked = worstVerdict(Object.values(checkers).map((result) => result.verdict));
  const planned = injected + changes.reduce((sum, { tried }) => sum + tried, 0);
  const withoutFaults = planned > 0 && effective + changes.reduce((sum, { made }) => sum + made, 0) === 0;
  return {
    verdict: checked === "valid" && (withoutFaults || harness !== null) ? "unknown" : checked,
    summary: summarize(checked, checkers, overview),
    checkers,
    operations,
    faults: { injected, effective },
    ...(changes.length > 0 && { changes }),
    warnings: [
      ...overview.warnings,
      ...(harness === null ? [] : [`${harness.reached}: ${harness.remedy}`]),
      ...ineffective.map((fault) => `fault without proven effect: ${fault}`),
      ...changes.flatMap(({ failedHealthy }) => failedHealthy.map((what) => `not made on a healthy cluster: ${what}`)),
    ],
    ...(harness === null ? {} : { harness }),
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
  if (checked !== "valid") return `${name}: ${result.summary}${alsoSaid(checked, others)}`;
  const { harness } = overview;
  if (harness !== null) return `${result.summary}, but Keelhaul itself erred (${harness.code}): ${harness.reached}`;
  return `${result.summary}${underFaults(overview)}`;
}

/** What was done to the cluster meanwhile, and whether that can be said to have been survived. */
function underFaults({ injected, ineffective, changes }: Overview): string {
  const made = changes.map(({ fault, tried, made }) => `${made} of ${tried} ${fault} changes made`).join(", ");
  if (injected === 0) return `; ${made === "" ? "no fault was injected" : made}`;
  if (ineffective.length === injected) {
    return `, but none of the ${plural(injected)} was proven to take effect, so the run shows nothing about faults`;
  }
  if (ineffective.length > 0) {
    return `, but ${ineffective.length} of ${plural(injected)} had no proven effect: ${ineffective.join(", ")}`;
  }
  return `; survived ${plural(injected)}${made === "" ? "" : `, ${made}`}`;
}

/** One checker's sentence is enough; that others agree must not go unsaid. */
function alsoSaid(verdict: Verdict, others: readonly (readonly [string, CheckerResult])[]): string {
  return others.length === 0 ? "" : `; ${verdict} by ${others.map(([name]) => name).join(", ")} as well`;
}

function plural(faults: number): string {
  return `${faults} fault${faults === 1 ? "" : "s"}`;
}
