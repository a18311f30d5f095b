import { type Configuration, ExactSearch } from "./exact.ts";
import type { AnyState, Problem } from "./problem.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import { prefixOf, windowOf, windowSizes } from "./window.ts";

/** What one search may spend. */
export interface SearchBudget {
  /** Configurations looked at. */
  readonly nodes: number;
  readonly timeMs: number;
  /** Things remembered at once, at some 50 to 100 bytes each. */
  readonly memoryEntries: number;
}

export type Decision =
  | { readonly verdict: "valid"; readonly order: { operation: number; letter: number }[] }
  | { readonly verdict: "invalid"; readonly stuck: Stuck; readonly evidence: Problem }
  | { readonly verdict: "unknown"; readonly code: Shortage; readonly stuck: Stuck | null; readonly nodes: number };

/** How far orders go. */
export interface Stuck {
  readonly schedule: Schedule;
  /** The first return that no order was seen to pass. */
  readonly far: number;
  readonly configurations: readonly Configuration[];
}

export type Shortage = "node-budget" | "time-budget" | "memory-budget";

/** Nodes of the first round; each later one gets four times as many. */
const firstRound = 200_000;

/** Memory is in no danger below this, whatever the budget. */
const leastMemory = 1000;

/**
 * Decides a problem by turns: the exact search for a while, then windows around the place where it is stuck, then the
 * exact search for longer. The search alone may go through all ways to get to a place that none can pass.
 */
export function decide(problem: Problem, anyState: AnyState | null, budget: SearchBudget, now: () => number): Decision {
  const schedule = scheduleOf(problem);
  if (schedule === null) return { verdict: "unknown", code: "memory-budget", stuck: null, nodes: 0 };
  const deadline = now() + budget.timeMs;
  const search = new ExactSearch(problem, schedule);
  const enoughMemory = (): boolean => search.memory <= Math.max(budget.memoryEntries, leastMemory);
  const mayGoOn = (): boolean => now() < deadline && enoughMemory();
  const stuck = (): Stuck => ({ schedule, far: search.far, configurations: search.stuck });
  let lookedAt = -1;
  for (let round = firstRound; ; round *= 4) {
    const left = budget.nodes - search.nodes;
    const windowNodes = Math.min(round, budget.memoryEntries);
    const outcome = search.run(Math.min(round, left), mayGoOn);
    if (outcome === "valid") return { verdict: "valid", order: search.order() };
    if (outcome === "invalid") {
      const evidence = refute(problem, schedule, search.far, anyState, windowNodes, () => now() < deadline);
      return { verdict: "invalid", stuck: stuck(), evidence: evidence ?? prefixOf(problem, schedule, search.far) };
    }
    if (search.far !== lookedAt) {
      lookedAt = search.far;
      const evidence = refute(problem, schedule, search.far, anyState, windowNodes, () => now() < deadline);
      if (evidence !== null) return { verdict: "invalid", stuck: stuck(), evidence };
    }
    const code = !enoughMemory() ? "memory-budget" : now() >= deadline ? "time-budget" : "node-budget";
    if (code !== "node-budget" || search.nodes >= budget.nodes) {
      return { verdict: "unknown", code, stuck: stuck(), nodes: search.nodes };
    }
  }
}

/** A window that ends at a return and has no order, the smallest that is found; null for none. */
function refute(
  problem: Problem,
  schedule: Schedule,
  far: number,
  anyState: AnyState | null,
  nodes: number,
  mayGoOn: () => boolean,
): Problem | null {
  if (anyState === null || far < 0) return null;
  for (const size of windowSizes) {
    const window = windowOf(problem, schedule, far, size, anyState);
    const outcome = searchOnce(window, nodes, mayGoOn);
    if (outcome === "invalid") return window;
    if (outcome === "unknown" || far < size) return null;
  }
  return null;
}

/** One search with a limit and no more. */
export function searchOnce(problem: Problem, nodes: number, mayGoOn: () => boolean): "valid" | "invalid" | "unknown" {
  const schedule = scheduleOf(problem);
  return schedule === null ? "unknown" : new ExactSearch(problem, schedule).run(nodes, mayGoOn);
}
