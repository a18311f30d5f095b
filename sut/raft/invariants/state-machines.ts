import type { Index } from "../core/types.ts";
import type { Invariant } from "./invariant.ts";

/**
 * Commands of a session that are remembered, and sessions, the latest of each. A client has one command under way, so that
 * no copy of one that lies so far back is under way any more.
 */
const rememberedCommands = 100;
const rememberedSessions = 10_000;

/** I20. The same entry is carried out on every node, and again when a node starts; another one never. */
export const sessionOnce: Invariant = {
  id: "I20",
  name: "SessionOnce",
  statement: "a session's command changes the state once, whichever of its copies in the log comes first",
  source: "§6.3",
  notOnTraces: "commands are not in traces",
  watch: (_world, violated) => {
    const sessions = new Map<number, Map<number, CarriedOut>>();
    return {
      carriedOut: ({ id }, { session, sequence, index }) => {
        const done = sessions.get(session) ?? new Map<number, CarriedOut>();
        const first = done.get(sequence);
        if (first !== undefined && first.index !== index) {
          const command = `command ${sequence} of session ${session}`;
          violated([first.by, id], `carries out ${command} at ${index}, which ${first.by} did at ${first.index}`);
        }
        if (first !== undefined) return;
        keepLatest(done, sequence, { index, by: id }, rememberedCommands);
        keepLatest(sessions, session, done, rememberedSessions);
      },
    };
  },
};

/** Where a command was carried out, and who was first seen to do so. */
interface CarriedOut {
  readonly index: Index;
  readonly by: string;
}

/** Puts it last, and forgets the first when there are too many. */
function keepLatest<Value>(map: Map<number, Value>, key: number, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}

/** I21. */
export const snapshotTruth: Invariant = {
  id: "I21",
  name: "SnapshotTruth",
  statement: "a snapshot holds the state after the entry that it is labelled with, the same on every node",
  source: "§5.1; openraft#1808",
  notOnTraces: "states are not in traces",
  watch: (_world, violated) => {
    const digests = new Map<Index, { readonly digest: string; readonly by: string }>();
    const check = (id: string, label: Index, digest: string) => {
      const known = digests.get(label);
      if (known === undefined) digests.set(label, { digest, by: id });
      else if (known.digest !== digest) {
        violated([known.by, id], `has another state after entry ${label} than ${known.by}`);
      }
    };
    return {
      snapshotTaken: ({ id }, { label, applied, digest }) => {
        if (label !== applied) violated([id], `labels a snapshot with ${label}; its state has applied ${applied}`);
        check(id, label, digest);
      },
      snapshotRestored: ({ id }, { label, digest }) => check(id, label, digest),
      copyRecovered: ({ id, found }) => {
        if ("refusal" in found || found.start.snapshot === null || found.snapshotDigest === null) return;
        check(id, found.start.snapshot.index, found.snapshotDigest);
      },
    };
  },
};
