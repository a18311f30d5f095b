import { join } from "node:path";
import type { CheckerBudget } from "../../analysis/checker.ts";
import type { CheckerName } from "../../analysis/checker-names.ts";
import { checkOnline, withOnlineCheck } from "../../analysis/online/run-in-worker.ts";
import type { Results } from "../../analysis/results.ts";
import { analyzeInWorker } from "../../analysis/run-in-worker.ts";
import { type Verdict, worstVerdict } from "../../analysis/verdict.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { runFiles } from "../../history/test-record.ts";
import type { Cancel, Clock } from "../../time/clock.ts";
import type { Plan } from "../plan/plan.ts";
import type { Tell } from "./progress.ts";

const everyMs = 3000;
/** A look along the way must not slow the run down; the whole history is judged when the run is over. */
const lookBudget: CheckerBudget = { timeMs: 10_000, memoryMb: 512 };
/** What was found is worth a longer look: it is explained while the cluster still stands. */
const explainBudget: CheckerBudget = { timeMs: 60_000, memoryMb: 1024 };

/** Judges a history while it grows. */
export interface JudgeAlong {
  hear(event: HistoryEvent): void;
  /** Aborted when a violation was found and the plan says to stop there. */
  readonly violated: AbortSignal;
  stop(): Promise<void>;
}

/** What a way of judging along does with what it finds. */
interface Findings {
  say(verdict: Verdict, summary: string): void;
  /** Judges what was recorded so far by the workload's own checkers. */
  judge(budget: CheckerBudget): Promise<Results>;
  stop(): void;
}

/**
 * Judges the history of a run while it goes on, and tells of it. Linearizability is prefix-closed: operations still
 * under way count as unknown, and what is invalid now stays so. Where a checker of the workload can be fed event by
 * event, that is done; else the history is judged anew every few seconds, if somebody watches or waits for it.
 */
export function judgeAlong(plan: Plan, folder: string, watched: boolean, clock: Clock, tell: Tell): JudgeAlong {
  // In virtual time how far a worker has come would depend on the machine, and the run with it.
  if (plan.backend.kind === "simulated") return judgeLater;
  const violated = new AbortController();
  let stopped = false;
  const soFar = { file: join(folder, runFiles.history), judges: { checkers: plan.checkers } };
  const findings: Findings = {
    say: (verdict, summary) => {
      if (!stopped) tell({ type: "so-far", verdict, summary });
    },
    judge: async (budget) => (await analyzeInWorker(soFar, budget)).results,
    stop: () => {
      if (!stopped && plan.failFast) violated.abort();
    },
  };
  const online = withOnlineCheck(plan.checkers);
  const looked = watched || plan.failFast;
  const along = online.length > 0 ? feedOnline(online, findings) : looked ? lookNowAndThen(findings, clock) : nothing;
  return {
    hear: along.hear,
    violated: violated.signal,
    stop: async () => {
      stopped = true;
      await along.stop();
    },
  };
}

type Along = Pick<JudgeAlong, "hear" | "stop">;
const nothing: Along = { hear: () => {}, stop: async () => {} };

/** For a run that is judged when it is over. */
export const judgeLater: JudgeAlong = { ...nothing, violated: new AbortController().signal };

/** The online checker raises the alarm; the offline check confirms it, independently, and explains it. */
function feedOnline(names: readonly CheckerName[], { say, judge, stop }: Findings): Along {
  const explain = async (name: CheckerName, alarm: string): Promise<void> => {
    say("invalid", alarm);
    const { checkers } = await judge(explainBudget);
    const { verdict, summary } = checkers[name]!; // one of those that the run is judged by
    // Out of budget is no disagreement: the alarm stands.
    if (verdict !== "unknown") say(verdict, `${name}: ${summary}`);
    if (verdict !== "valid") stop();
  };
  let alarmed = false;
  const run = checkOnline(names, ({ name, result: { verdict, summary, cause } }) => {
    if (alarmed || cause?.code === "nothing-tested") return;
    alarmed = verdict === "invalid";
    if (alarmed) void explain(name, summary);
    else say(verdict, summary);
  });
  return { hear: (event) => run.feed(event), stop: () => run.stop() };
}

function lookNowAndThen({ say, judge, stop }: Findings, clock: Clock): Along {
  let callOff: Cancel = () => {};
  let stopped = false;
  const look = async (): Promise<void> => {
    const { checkers, operations } = await judge(lookBudget);
    // The checkers' alone: that the run has not come to its end is known.
    const verdict = worstVerdict(Object.values(checkers).map((result) => result.verdict));
    const telling = Object.values(checkers).find((result) => result.verdict === verdict);
    if (operations.ok > 0 && telling !== undefined) say(verdict, telling.summary);
    if (verdict === "invalid") stop();
    else again();
  };
  const again = (): void => {
    if (!stopped) callOff = clock.after(everyMs, () => void look());
  };
  again();
  return {
    hear: () => {},
    stop: async () => {
      stopped = true;
      callOff();
    },
  };
}
