import type { Checker } from "../../checker.ts";
import { textHistory } from "../../test-support/text-history.ts";
import type { ObjectResult } from "../judgement.ts";

/** What a checker tells of a history: the anomalies with their counts and the first sentence, or verdict and summary. */
export function teller(checker: Checker<ObjectResult>): (text: string) => string {
  return (text) => {
    const { verdict, summary, cause, anomalies, violations } = checker.check(textHistory(text));
    const [first] = violations;
    if (first === undefined) return `${verdict}${cause === undefined ? "" : ` (${cause.code})`}: ${summary}`;
    const counts = Object.entries(anomalies).map(([kind, count]) => `${count} ${kind}`);
    const shown = first.operations.map(({ index }) => index);
    return `${verdict}, ${counts.join(", ")}: ${first.sentence} [${shown.join(" ")}]`;
  };
}
