import { invariant } from "./invariant.ts";
import type { AppendAccepted, AppendRejected } from "./messages.ts";
import { endSnapshotOnMatch } from "./send-snapshot.ts";
import type { Progress } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** A follower holds the log up to `matchIndex`: it is sent to without waiting from now on (§3.5, §10.2.2). */
export function onAppendAccepted(turn: Turn, from: NodeId, message: AppendAccepted): void {
  const progress = heardFrom(turn, from, message);
  if (progress === null) return;
  const { log } = turn.state;
  invariant(message.matchIndex <= log.lastIndex, "a follower's match lies within the leader's log", {
    from,
    matchIndex: message.matchIndex,
    lastIndex: log.lastIndex,
  });
  progress.matchIndex = turn.rules.matchAfterAcceptance(progress.matchIndex, message.matchIndex);
  progress.inFlight = turn.rules.stillInFlight(progress.inFlight, progress.matchIndex);
  progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
  if (progress.mode === "probe" && progress.matchIndex >= progress.nextIndex - 1) {
    progress.mode = "replicate";
    progress.probing = false;
  }
  endSnapshotOnMatch(turn, progress);
}

/**
 * The follower lacks the entry before those sent: looks for where the logs agree (§3.5). Late refusals are ignored, and
 * those of heartbeats while it gets a snapshot.
 */
export function onAppendRejected(turn: Turn, from: NodeId, message: AppendRejected): void {
  if (!turn.rules.refusalConcernsTerm(message.refusedTerm, turn.state.term)) return;
  const progress = heardFrom(turn, from, message);
  if (progress === null) return;
  if (message.rejectedPrev <= progress.matchIndex) {
    reportLoss(turn, from, progress, message);
    return;
  }
  if (!isCurrent(progress, message)) return;
  const { state, rules } = turn;
  progress.matchIndex = rules.matchAfterRejection(progress.matchIndex, message.hint);
  progress.mode = "probe";
  progress.probing = false;
  progress.inFlight = [];
  const next = rules.nextProbe(state.log, message.rejectedPrev, message.hint);
  progress.nextIndex = Math.max(next, progress.matchIndex + 1);
}

/**
 * Only a disk that was wiped or rolled back refuses what it had acknowledged. The match index stays: a commit may rest on
 * it, and a follower that forgot its entries may have forgotten its votes too, so it must not quietly count as whole.
 * Nothing is sent in answer: the next probe would be refused just the same, as fast as the network carries both.
 */
function reportLoss(turn: Turn, follower: NodeId, progress: Progress, message: AppendRejected): void {
  if (progress.lossReported) return;
  progress.lossReported = true;
  const { matchIndex } = progress;
  turn.emit({ type: "follower-lost-entries", follower, refusedIndex: message.rejectedPrev, matchIndex });
}

/** Notes that the follower answered in this term: for CheckQuorum (§6.2) and for reads (§6.4). */
function heardFrom(turn: Turn, from: NodeId, message: AppendAccepted | AppendRejected): Progress | null {
  const { state, rules } = turn;
  const progress = state.leadership?.progress.get(from);
  if (progress === undefined || rules.isStaleTerm(message.term, state.term)) return null;
  progress.lastAnswer = state.now;
  progress.answeredRound = Math.max(progress.answeredRound, message.round);
  return progress;
}

/** While probing only the probe's own refusal counts; else any. */
function isCurrent(progress: Progress, message: AppendRejected): boolean {
  if (progress.mode === "snapshot") return false;
  return progress.mode === "replicate" || message.rejectedPrev === progress.nextIndex - 1;
}
