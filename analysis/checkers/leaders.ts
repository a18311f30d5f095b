import { leads } from "../../history/annotations.ts";
import type { Checker, CheckerResult, HistorySource } from "../checker.ts";
import { nodeLook } from "../node-looks.ts";
import { annotationsOf } from "../operations/build-table.ts";
import { moment } from "../words.ts";

/** `checkers.leaders`. */
export interface LeadersResult extends CheckerResult {
  /** How many terms were seen with a leader. */
  readonly terms: number;
  /** Terms that several nodes said they led, each with its nodes in the order in which they were seen. */
  readonly splits: readonly Split[];
}

interface Split {
  readonly term: number;
  readonly leaders: readonly { readonly node: string; readonly seenNs: number }[];
}

/**
 * A term has one leader, by what the nodes tell of themselves to whoever asks (Election Safety, §3.2 of Ongaro's
 * dissertation). For stores whose nodes name a term. The observer looks now and then: it sees fewer leaders than there were.
 */
export const leadersChecker: Checker<LeadersResult> = { name: "leaders", check: judge };

function judge(history: HistorySource): LeadersResult {
  const byTerm = leadersByTerm(history);
  const terms = byTerm.size;
  const splits = [...byTerm]
    .filter(([, leaders]) => leaders.size > 1)
    .map(([term, leaders]) => ({ term, leaders: [...leaders].map(([node, seenNs]) => ({ node, seenNs })) }));
  const [first] = splits;
  if (first !== undefined) return { verdict: "invalid", summary: sentence(first), terms, splits };
  if (terms > 0) return { verdict: "valid", summary: `${terms} terms had one leader each`, terms, splits };
  const reached = "no node was seen to lead a term";
  const cause = { code: "nothing-tested", reached, remedy: "run this check on a store whose nodes report their term" };
  return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, terms, splits };
}

/** When each node was first seen as the leader of a term. */
function leadersByTerm(history: HistorySource): Map<number, Map<string, number>> {
  const byTerm = new Map<number, Map<string, number>>();
  for (const event of annotationsOf(history)) {
    const look = nodeLook(event);
    if (look === null || !leads(look) || look.term === undefined) continue;
    const leaders = byTerm.get(look.term) ?? new Map<string, number>();
    byTerm.set(look.term, leaders);
    if (!leaders.has(look.node)) leaders.set(look.node, event.time);
  }
  return byTerm;
}

function sentence({ term, leaders }: Split): string {
  const seen = leaders.map(({ node, seenNs }) => `${node} (seen at ${moment(seenNs)})`);
  return `term ${term} had ${leaders.length} leaders: ${seen.join(", ")}`;
}
