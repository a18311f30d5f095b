import type { ReadIndexReply } from "./messages.ts";
import type { FollowerReads } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { NodeId, Ref } from "./types.ts";

/** A read at a server that does not lead: the leader is asked up to where it must see the log (§6.4). */
export function readAsFollower(turn: Turn, refs: readonly Ref[]): void {
  const { followerReads: reads } = turn.state;
  reads.waiting.push({ refs, question: reads.asked + 1 });
  if (!isAsking(reads)) ask(turn);
}

/** The leader's answer. It holds for every read that was here before the question was asked, for no later one. */
export function onReadIndexReply(turn: Turn, _from: NodeId, message: ReadIndexReply): void {
  const { state, rules } = turn;
  const { followerReads: reads } = state;
  if (message.run !== reads.run || rules.isStaleTerm(message.term, state.term)) return;
  reads.answered = Math.max(reads.answered, message.question);
  const readIndex = rules.followerReadIndex(message.readIndex, state.commitIndex);
  for (const { refs, question } of reads.waiting.splice(0)) {
    if (rules.answersQuestion(message.question, question)) reads.confirmed.push({ refs, readIndex });
    else reads.waiting.push({ refs, question });
  }
  if (reads.waiting.length > 0 && !isAsking(reads)) ask(turn);
}

/** The question or its answer may be lost, or the leader gone: asks again, whoever leads now. */
export function onFollowerReadTick(turn: Turn): void {
  const { now, config, followerReads: reads } = turn.state;
  if (reads.waiting.length > 0 && now - reads.askedAt >= config.heartbeatMs) ask(turn);
}

/** Serves what the state machine has reached (§6.4, step 4). Without a leader nobody can say how far that must be. */
export function serveFollowerReads(turn: Turn): void {
  const { state, rules } = turn;
  const { waiting, confirmed } = state.followerReads;
  if (waiting.length + confirmed.length === 0) return;
  for (const { refs, readIndex } of confirmed.splice(0)) {
    if (rules.readIsReady(state.lastApplied, readIndex)) turn.emit({ type: "serve-read", refs });
    else confirmed.push({ refs, readIndex });
  }
  if (state.leader !== null) return;
  for (const { refs } of [...confirmed.splice(0), ...waiting.splice(0)]) {
    turn.reply(refs, { type: "not-leader", leader: null });
  }
}

function isAsking(reads: FollowerReads): boolean {
  return reads.asked > reads.answered;
}

function ask(turn: Turn): void {
  const { state } = turn;
  const { followerReads: reads, term, leader } = state;
  if (leader === null) return;
  reads.asked++;
  reads.askedAt = state.now;
  turn.send(leader, { type: "read-index-request", term, run: reads.run, question: reads.asked });
}
