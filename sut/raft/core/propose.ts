import type { Event } from "./events.ts";
import { appendOwn } from "./leadership.ts";
import { refusesForTransfer } from "./transfer.ts";
import type { Turn } from "./turn.ts";
import type { Ref } from "./types.ts";

/**
 * Clients' commands: appended under the leader's term, or refused, in this very step (§3.5). Refused too when there is no
 * room for them (§10.2).
 */
export function onPropose(turn: Turn, event: Extract<Event, { type: "propose" }>): void {
  const { state, rules } = turn;
  const refs = event.proposals.map((proposal) => proposal.ref);
  if (!rules.mayAppend(state.role, state.leader)) {
    turn.reply(refs, { type: "not-leader", leader: state.leader });
    return;
  }
  if (refusesForTransfer(turn, refs)) return;
  const { maxUncommittedBytes } = state.config;
  const refused: Ref[] = [];
  for (const { ref, command, bytes } of event.proposals) {
    const hasRoom = rules.hasRoomFor(bytes, state.leadership?.uncommittedBytes ?? 0, maxUncommittedBytes);
    if (hasRoom) appendOwn(turn, "command", [ref], { command, bytes });
    else refused.push(ref);
  }
  turn.reply(refused, { type: "overloaded" });
}
