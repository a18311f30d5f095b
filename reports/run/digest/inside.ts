import type { InvariantsResult } from "../../../analysis/checkers/invariants.ts";
import type { Results } from "../../../analysis/results.ts";
import type { InsideScene, NodeStep } from "./types.ts";

/** What was seen inside of the store and must never be, with what its nodes did before; null when nothing was. */
export function digestInside(results: Results | null): InsideScene | null {
  const seen = (results?.checkers["invariants"] as InvariantsResult | undefined)?.violation;
  if (!seen) return null;
  const { invariant, name, statement = null, nodes, detail, timeNs, lastEvents, lastTurns = [] } = seen;
  const steps = lastEvents.flatMap(parseStep);
  const first = steps[0]?.step ?? Number.POSITIVE_INFINITY;
  // What is among the last steps is told there.
  const turns = lastTurns.flatMap(parseStep).filter(({ step }) => step < first);
  return { invariant, name, statement, nodes, detail, atNs: timeNs, turns, steps };
}

/** `2117 3.375120s n2 receives from n1 … → writes …; sends …`; the time may be left out. */
function parseStep(line: string): NodeStep[] {
  const [, step, seconds, node, told] = /^(\d+) (?:(\d+\.\d+)s )?(\S+) (.+)$/s.exec(line) ?? [];
  if (step === undefined || node === undefined || told === undefined) return [];
  const [cause = "", deeds] = told.split(" → ");
  const atNs = seconds === undefined ? null : Number(seconds) * 1e9;
  return [{ step: Number(step), atNs, node, cause, deeds: inShort(deeds?.split("; ") ?? []) }];
}

/** The change of role first; what was sent to several nodes, or done several times, once. */
function inShort(deeds: readonly string[]): string[] {
  const recipients = Map.groupBy(deeds, (deed) => deed.replace(toNode, "sends "));
  const told = [...recipients].map(([deed, same]) => {
    const to = same.flatMap((one) => toNode.exec(one)?.[1] ?? []);
    if (to.length > 0) return deed.replace("sends ", `sends to ${to.join(", ")} `);
    return same.length > 1 ? `${same.length} × ${deed}` : deed;
  });
  return [...told.filter(isOfRole), ...told.filter((deed) => !isOfRole(deed))];
}

const toNode = /^sends to (\S+) /;

function isOfRole(deed: string): boolean {
  return /^is \S+ of term /.test(deed);
}
