import { isJoint } from "../core/membership.ts";
import type { Membership } from "../core/types.ts";
import type { Invariant, Step } from "./invariant.ts";
import { type NodeRecord, named } from "./world.ts";

/** I15. */
export const configIsLatest: Invariant = {
  id: "I15",
  name: "ConfigIsLatest",
  statement: "the members in effect are those of the latest entry about them in the log, also after a snapshot",
  source: "§4.1, §5.1; LogCabin Invariants.cc",
  watch: ({ positions }, violated) => {
    /** Before any entry about them: as each node began, and as the first members did. */
    const bootstraps = new Map<string, Membership>();
    let first: Membership | null = null;
    const checked = new Map<string, { readonly shown: Membership; readonly members: Membership | null }>();
    const check = ({ id, view, log }: NodeRecord) => {
      const { members, configIndex } = log.last;
      const last = checked.get(id);
      if (last?.shown === view.membership && last.members === members) return;
      checked.set(id, { shown: view.membership, members });
      const expected = members === null ? [bootstraps.get(id), first] : [members];
      if (expected.some((one) => one !== undefined && one !== null && isSame(one, view.membership))) return;
      const shown = JSON.stringify(view.membership);
      violated([id], `acts by ${shown}; its log says, at ${configIndex}: ${JSON.stringify(members ?? first)}`);
    };
    return {
      started: ({ node, start }) => {
        bootstraps.set(node.id, start.bootstrap);
        if (start.bootstrap.incoming.length > 0) first ??= start.bootstrap;
        check(node);
      },
      stepped: ({ node, event }) => {
        check(node);
        if (event.type !== "snapshot-made") return;
        const members = positions.find(event.snapshot)?.members ?? null;
        if (members === null || isSame(members, event.snapshot.membership)) return;
        const made = `a snapshot up to ${named(event.snapshot)}`;
        violated([node.id], `makes ${made} with ${JSON.stringify(event.snapshot.membership)}, not those of its log`);
      },
    };
  },
};

/** I16. */
export const oneConfigInFlight: Invariant = {
  id: "I16",
  name: "OneConfigInFlight",
  statement: "a leader changes the members when the last change, and an entry of its own term, are committed",
  source: "§4.1 and its erratum of 2015",
  watch: (_world, violated) => ({
    stepped: (step) => {
      for (const position of step.created) {
        if (position.entry?.kind !== "config") continue;
        const before = position.before;
        const committed = committedThen(step);
        if (before !== null && before.configIndex > committed) {
          violated([step.node.id], `${named(position)} changes members; the change at ${before.configIndex} is open`);
        }
        // A joint membership may be left by whoever learns that it is committed.
        if (before?.members != null && isJoint(before.members)) continue;
        const term = step.node.log.at(committed)?.term;
        if (term === undefined || term === position.term) continue;
        violated([step.node.id], `${named(position)} changes members; nothing of term ${position.term} is committed`);
      }
    },
  }),
};

/** What a change is decided by: the request's comes before the step's own commits. */
function committedThen({ node, view, event }: Step): number {
  return event.type === "reconfigure" ? node.before.commitIndex : view.commitIndex;
}

function isSame(one: Membership, other: Membership): boolean {
  return one === other || JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted({ incoming, outgoing, learners, learnersNext, autoLeave }: Membership) {
  return [incoming, outgoing, learners, learnersNext].map((ids) => [...ids].sort()).concat([[String(autoLeave)]]);
}
