import { votersOnly } from "../../core/membership.ts";
import type { FoundOnCopy } from "../../invariants/invariant.ts";
import { KvStore } from "../../kv/store.ts";
import type { Conduct } from "../../mutants/registry.ts";
import { initialMembers, type NodeConfig } from "../../node/config.ts";
import { restoreInto } from "../../node/snapshots/restore.ts";
import { openStorage } from "../../node/storage/data-dir.ts";
import { StorageError } from "../../node/storage/errors.ts";
import { instantDisk } from "./disk-over.ts";
import type { MemoryFiles } from "./memory-files.ts";

/** What a node would find on this disk if it started with it. At once: nothing in it waits for time to pass. */
export async function recoverCopy(files: MemoryFiles, config: NodeConfig, conduct: Conduct): Promise<FoundOnCopy> {
  const ignore = (): void => undefined;
  try {
    const { recovered, snapshots } = await openStorage(config.dataDir, {
      node: config.id,
      newStoreId: () => "0".repeat(16),
      // What it notes of its own is of no interest, so that the pause behind its first note need never end.
      clock: { after: () => ignore },
      fsync: true,
      disk: instantDisk(files),
      segmentBytes: config.knobs.walSegmentBytes,
      onDurable: ignore,
      onError: ignore,
      onLowSpace: ignore,
      onSync: ignore,
      nowMs: () => 0,
      duties: conduct.duties,
    });
    const { hard, snapshot, entries } = recovered;
    const store = new KvStore(config.knobs, conduct.kvRules, ignore);
    const restored = snapshot === null ? null : await restoreInto(store, snapshots, snapshot);
    const base = snapshot ?? { index: 0, term: 0 };
    const found = entries.map((entry) => ({ index: entry.index, term: entry.term, entry }));
    const start = { bootstrap: votersOnly(initialMembers(config)), snapshot, base, entries: found };
    return { hard, start, snapshotDigest: restored?.digest ?? null };
  } catch (cause) {
    if (cause instanceof StorageError) return { refusal: cause.message };
    throw cause;
  }
}
