import type { Effect } from "../core/events.ts";
import type { Index, NodeId, Ref } from "../core/types.ts";
import type { Invariant, Step, Violated } from "./invariant.ts";
import type { Position } from "./log-model.ts";
import { named, type World } from "./world.ts";

/** I24. The waiters of a change of members are handed from entry to entry, and not followed. */
export const ackTruth: Invariant = {
  id: "I24",
  name: "AckTruth",
  statement: "a request is answered by the entry that it became, by index and term; a refused one became none",
  source: "§6.3; students' guide to Raft",
  watch: (world, violated) => {
    const entries = new Map<NodeId, Map<Ref, Position>>();
    return {
      started: ({ node }) => void entries.set(node.id, new Map()),
      stepped: (step) => {
        const own = entries.get(step.node.id)!;
        accept(step, own);
        for (const effect of step.effects) {
          if (effect.type === "apply") checkAnswered(step, effect, { own, world, violated });
          if (effect.type === "reply") checkRefused(step, effect, own, violated);
        }
      },
    };
  },
};

/** The requests of this event that were not refused became the entries appended, in order. */
function accept({ event, effects, appended }: Step, own: Map<Ref, Position>): void {
  if (event.type === "read" && event.mode === "log") {
    const position = appended.find(({ entry }) => entry?.kind === "read");
    if (position !== undefined) for (const ref of event.refs) own.set(ref, position);
  }
  if (event.type !== "propose" || appended.length === 0) return;
  const commands = appended.filter(({ entry }) => entry?.kind === "command");
  let accepted = 0;
  for (const { ref } of event.proposals) {
    if (effects.some((effect) => effect.type === "reply" && effect.refs.includes(ref))) continue;
    const position = commands[accepted++];
    if (position !== undefined) own.set(ref, position);
  }
}

interface Answering {
  readonly own: Map<Ref, Position>;
  readonly world: World;
  readonly violated: Violated;
}

function checkAnswered(
  { node }: Step,
  { entries }: Extract<Effect, { type: "apply" }>,
  { own, world, violated }: Answering,
): void {
  for (const { entry, refs } of entries) {
    for (const ref of refs) {
      const position = own.get(ref);
      if (position === undefined) continue;
      own.delete(ref);
      if (position === world.positions.find(entry)) continue;
      violated([node.id], `answers request ${ref} by ${named(entry)}; it became ${named(position)}`);
    }
  }
}

function checkRefused(
  { node }: Step,
  { refs, outcome }: Extract<Effect, { type: "reply" }>,
  own: Map<Ref, Position>,
  violated: Violated,
): void {
  for (const ref of refs) {
    const position = own.get(ref);
    own.delete(ref);
    if (position === undefined || outcome.type === "outcome-unknown") continue;
    violated([node.id], `answers request ${ref} with ${outcome.type}; it became ${named(position)}`);
  }
}

/** I19. Local reads, and those that a leader answers alone, promise nothing. */
export const readFloor: Invariant = {
  id: "I19",
  name: "ReadFloor",
  statement: "a linearizable read sees all that any server had committed when it was asked",
  source: "§6.4",
  watch: (_world, violated) => {
    const floors = new Map<NodeId, Map<Ref, Index>>();
    let committed = 0;
    const check = (node: NodeId, refs: readonly Ref[], seen: Index) => {
      for (const ref of refs) {
        const floor = floors.get(node)!.get(ref);
        if (floor === undefined) continue;
        floors.get(node)!.delete(ref);
        if (seen < floor)
          violated([node], `answers read ${ref} from ${seen} entries; ${floor} were committed before it`);
      }
    };
    return {
      started: ({ node }) => void floors.set(node.id, new Map()),
      stepped: ({ node, view, event, effects }) => {
        if (event.type === "read" && event.mode !== "local" && event.mode !== "leader") {
          for (const ref of event.refs) floors.get(node.id)!.set(ref, committed);
        }
        committed = Math.max(committed, view.commitIndex);
        for (const effect of effects) {
          if (effect.type === "serve-read") check(node.id, effect.refs, view.lastApplied);
          if (effect.type === "reply") for (const ref of effect.refs) floors.get(node.id)!.delete(ref);
          if (effect.type !== "apply") continue;
          for (const { entry, refs } of effect.entries) if (entry.kind === "read") check(node.id, refs, entry.index);
        }
      },
    };
  },
};
