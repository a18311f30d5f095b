import type { Effect } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Invariant, Step } from "./invariant.ts";
import { named } from "./world.ts";

/** I25. Otherwise logs that differ in many entries are compared one entry a round trip, and nothing is sent meanwhile. */
export const repairByTerms: Invariant = {
  id: "I25",
  name: "RepairByTerms",
  statement:
    "a refusal points behind all entries of its node that cannot be the leader's, by their terms, and a leader that is " +
    "refused asks next for an entry that can be there",
  source: "§3.5; etcd raft.go, findConflictByTerm",
  notOnTraces: "hints and probes are not in traces",
  watch: (_world, violated) => ({
    stepped: (step) => {
      const { event, view } = step;
      if (event.type !== "receive") return;
      const wrong = wrongHint(step) ?? wrongProbe(step);
      if (wrong !== null) violated([view.id, event.from], wrong);
    },
  }),
};

/** What a snapshot stands in for is equal everywhere, so that its end is as far as a hint goes back. */
function wrongHint({ event, effects, view }: Step): string | null {
  if (event.type !== "receive" || event.message.type !== "append-entries") return null;
  const { prev, term } = event.message;
  const refusal = effects.map(messageOf).find((message) => message?.type === "append-rejected");
  if (refusal?.type !== "append-rejected" || term < view.term || refusal.hint.index <= view.baseIndex) return null;
  const { hint } = refusal;
  if (hint.index <= prev.index && hint.term <= prev.term) return null;
  return `refuses ${named(prev)} and points to ${named(hint)}, which the log that has it cannot hold`;
}

/** A late refusal is not acted on: what is sent then carries no entries, such as a round for reads. */
function wrongProbe({ event, effects, view }: Step): string | null {
  if (event.type !== "receive" || event.message.type !== "append-rejected") return null;
  const { rejectedPrev, refusedTerm, hint } = event.message;
  const match = view.matchOf(event.from);
  if (match === null || refusedTerm !== view.term || rejectedPrev <= match) return null;
  const probe = effects.filter((effect) => isTo(effect, event.from)).map(messageOf);
  const asked = probe.find((message) => message?.type === "append-entries" && message.entries.length > 0);
  if (asked?.type !== "append-entries" || asked.prev.index <= Math.max(match, view.baseIndex)) return null;
  if (asked.prev.index <= hint.index && asked.prev.term <= hint.term) return null;
  return `is refused with ${named(hint)}, and asks ${event.from} for ${named(asked.prev)} next`;
}

function isTo(effect: Effect, peer: string): boolean {
  return effect.type === "send" && effect.to === peer;
}

function messageOf(effect: Effect): Message | null {
  return effect.type === "send" ? effect.message : null;
}
