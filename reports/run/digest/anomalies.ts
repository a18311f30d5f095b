import type { CheckerResult } from "../../../analysis/checker.ts";
import { meaningOf } from "./meanings.ts";
import type { AnomalyLine, CheckerLine } from "./types.ts";

/** A checker's answer as the list of checks shows it: with the anomalies it counted, and what they rule out. */
export function digestChecker(name: string, result: CheckerResult): CheckerLine {
  const { verdict, summary, cause, attention } = result;
  const models = modelsOf(result);
  return {
    ...{ name, verdict, summary, anomalies: anomaliesOf(result) },
    ...(cause && { cause }),
    ...(attention && { attention }),
    ...(models && { models }),
  };
}

/** What a checker counted by name. Objects count only, transactions also tell what each name means. */
export function anomaliesOf(result: CheckerResult): AnomalyLine[] {
  if (!("anomalies" in result) || typeof result.anomalies !== "object" || result.anomalies === null) return [];
  return Object.entries(result.anomalies as Record<string, unknown>).flatMap(([name, found]) => {
    if (typeof found === "number") return [{ name, count: found, meaning: meaningOf(name), forbidden: true }];
    if (typeof found !== "object" || found === null || !("count" in found)) return [];
    const meaning = "meaning" in found ? String(found.meaning) : meaningOf(name);
    return [
      { name, count: Number(found.count), meaning, forbidden: !("forbidden" in found) || found.forbidden === true },
    ];
  });
}

function modelsOf(result: CheckerResult): CheckerLine["models"] | null {
  if (!("modelsRuledOut" in result) || !("strongestModels" in result)) return null;
  return { ruledOut: result.modelsRuledOut as string[], strongest: result.strongestModels as string[] };
}
