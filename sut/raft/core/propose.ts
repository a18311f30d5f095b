import type { Event } from "./events.ts";
import { appendOwn } from "./leadership.ts";
import type { Turn } from "./turn.ts";

/** Clients' commands: appended under the leader's term, or refused, in this very step (§3.5). */
export function onPropose(turn: Turn, event: Extract<Event, { type: "propose" }>): void {
  const { state, rules } = turn;
  if (!rules.mayAppend(state.role)) {
    const refs = event.proposals.map((proposal) => proposal.ref);
    turn.reply(refs, { type: "not-leader", leader: state.leader });
    return;
  }
  for (const { ref, command, bytes } of event.proposals) appendOwn(turn, "command", [ref], { command, bytes });
}
