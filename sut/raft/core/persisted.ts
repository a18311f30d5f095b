import { recordVote } from "./election.ts";
import type { Event } from "./events.ts";
import type { Turn } from "./turn.ts";

/** Writes up to `io` are durable: the node may count on itself now (§3.8, §10.2.1). */
export function onPersisted(turn: Turn, event: Extract<Event, { type: "persisted" }>): void {
  const { state } = turn;
  const { disk } = state;
  for (let write = disk.pending[0]; write !== undefined && write.io <= event.io; write = disk.pending[0]) {
    disk.pending.shift();
    disk.durableIndex = Math.max(disk.durableIndex, write.lastIndex);
    const ownVote = write.hard?.term === state.term && write.hard.votedFor === state.config.id;
    if (ownVote && state.role === "candidate") recordVote(turn, state.config.id, true);
  }
}
