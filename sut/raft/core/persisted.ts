import { recordVote } from "./election.ts";
import type { Event } from "./events.ts";
import type { Turn } from "./turn.ts";

/** Writes up to `io` are durable: the node may count on itself now (§3.8, §10.2.1). */
export function onPersisted(turn: Turn, event: Extract<Event, { type: "persisted" }>): void {
  const { state } = turn;
  const { disk } = state;
  const done = disk.pending.filter((write) => write.io <= event.io);
  disk.pending = disk.pending.filter((write) => write.io > event.io);
  for (const write of done) {
    disk.durableIndex = Math.max(disk.durableIndex, write.lastIndex);
    const ownVote = write.hard?.term === state.term && write.hard.votedFor === state.config.id;
    if (ownVote && state.role === "candidate") recordVote(turn, state.config.id, true);
  }
}
