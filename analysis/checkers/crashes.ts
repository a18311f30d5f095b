import type { ProcessEndRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import type { Checker, CheckerResult, HistorySource } from "../checker.ts";
import { annotationsOf } from "../operations/build-table.ts";
import { howItEnded } from "../process-end.ts";
import { moment } from "../words.ts";

/** `checkers.crashes`. */
export interface CrashesResult extends CheckerResult {
  /** Processes that ended though no fault had ended them, in the order in which that was noticed. */
  readonly ends: readonly ProcessEndRecord[];
}

/**
 * A node of a correct store never crashes unless its machine leaves it no choice. The end of its process is visible from
 * outside, and so is its exit code.
 */
export const crashesChecker: Checker<CrashesResult> = {
  name: "crashes",
  check: (history) => {
    const { ends, watched } = read(history);
    const unexcused = ends.filter(({ excuse }) => excuse === undefined);
    const [first, ...others] = unexcused;
    if (first !== undefined) return { verdict: "invalid", summary: `${sentence(first)}${more(others)}`, ends };
    if (!watched) return { ...nothingTested, ends };
    return { verdict: "valid", summary: `no node crashed${excused(ends)}`, ends };
  },
};

const reached = "the history has no observation of the nodes";
const nothingTested = {
  verdict: "unknown",
  summary: `nothing was tested: ${reached}`,
  cause: { code: "nothing-tested", reached, remedy: "check that the run finished" },
} as const;

function read(history: HistorySource): { ends: ProcessEndRecord[]; watched: boolean } {
  const ends: ProcessEndRecord[] = [];
  let watched = false;
  for (const event of annotationsOf(history)) {
    // Where nodes are looked at, the ends of their processes are watched as well, on every backend.
    watched ||= event.process === "observer";
    if (isEnd(event)) ends.push(event.value as ProcessEndRecord);
  }
  return { ends, watched };
}

function isEnd({ process, f }: HistoryEvent): boolean {
  return process === "controller" && f === "process-end";
}

function sentence({ node, endedNs, ...end }: ProcessEndRecord): string {
  return `${node} crashed after ${moment(endedNs)} ${howItEnded(end)}`;
}

function more(others: readonly ProcessEndRecord[]): string {
  if (others.length === 0) return "";
  const nodes = [...new Set(others.map(({ node }) => node))].sort().join(", ");
  return `; ${others.length} more ${others.length === 1 ? "crash" : "crashes"}, of ${nodes}`;
}

function excused(ends: readonly ProcessEndRecord[]): string {
  return ends.map(({ node, excuse }) => `, but ${node}, as ${excuse}`).join("");
}
