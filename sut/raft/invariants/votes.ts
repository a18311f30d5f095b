import type { Effect } from "../core/events.ts";
import type { IoId, NodeId, Term } from "../core/types.ts";
import type { Invariant } from "./invariant.ts";
import type { NodeRecord } from "./world.ts";

/** I10. A vote counts as given when it was heard, or is durable. */
export const voteOnce: Invariant = {
  id: "I10",
  name: "VoteOnce",
  statement: "a server votes for at most one candidate in a term, also across restarts",
  source: "§3.4, §3.8; LogCabin Invariants.cc",
  watch: (_world, violated) => {
    const votes = new Votes((node, term, first, second) =>
      violated([node], `votes for ${first} and for ${second} in term ${term}`),
    );
    return {
      started: ({ node }) => {
        const { hard } = node.disk;
        const { term, votedFor } = node.view;
        if (hard.term === term && hard.votedFor !== null && hard.votedFor !== votedFor) {
          violated([node.id], `restarts in term ${term} with its vote for ${votedFor}, which was for ${hard.votedFor}`);
        }
        votes.forget(node.id);
      },
      stepped: ({ node, view, effects }) => {
        const { before } = node;
        if (before.term === view.term && before.votedFor !== null && before.votedFor !== view.votedFor) {
          violated([node.id], `changes its vote in term ${view.term} from ${before.votedFor} to ${view.votedFor}`);
        }
        for (const effect of effects) votes.look(node.id, effect);
      },
      durable: (node) => votes.durable(node),
    };
  },
};

/** Votes as others hear them: at once, or when the write that they wait for is durable. */
class Votes {
  readonly #given = new Map<NodeId, Map<Term, NodeId>>();
  readonly #held = new Map<NodeId, { readonly after: IoId; readonly term: Term; readonly candidate: NodeId }[]>();
  readonly #onSecond: (node: NodeId, term: Term, first: NodeId, second: NodeId) => void;

  constructor(onSecond: (node: NodeId, term: Term, first: NodeId, second: NodeId) => void) {
    this.#onSecond = onSecond;
  }

  look(node: NodeId, effect: Effect): void {
    if (effect.type !== "send" || effect.message.type !== "request-vote-reply" || !effect.message.granted) return;
    const { term } = effect.message;
    if (effect.after === undefined) this.#give(node, term, effect.to);
    else this.#heldBy(node).push({ after: effect.after, term, candidate: effect.to });
  }

  durable({ id, disk, pending }: NodeRecord): void {
    const { term, votedFor } = disk.hard;
    if (votedFor !== null) this.#give(id, term, votedFor);
    const held = this.#heldBy(id);
    const firstPending = pending[0]?.io ?? Number.POSITIVE_INFINITY;
    while ((held[0]?.after ?? Number.POSITIVE_INFINITY) < firstPending) {
      const { term, candidate } = held.shift()!;
      this.#give(id, term, candidate);
    }
  }

  /** What was not heard yet never will be. */
  forget(node: NodeId): void {
    this.#held.delete(node);
  }

  #heldBy(node: NodeId) {
    const held = this.#held.get(node) ?? [];
    this.#held.set(node, held);
    return held;
  }

  #give(node: NodeId, term: Term, candidate: NodeId): void {
    const given = this.#given.get(node) ?? new Map<Term, NodeId>();
    this.#given.set(node, given);
    const first = given.get(term);
    if (first === undefined) given.set(term, candidate);
    else if (first !== candidate) this.#onSecond(node, term, first, candidate);
  }
}
