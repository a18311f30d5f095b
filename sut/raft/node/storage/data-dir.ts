import { join } from "node:path";
import type { HardState, SnapshotMeta } from "../../core/types.ts";
import type { Disk } from "./disk.ts";
import { StorageError } from "./errors.ts";
import { SnapshotFiles } from "./snapshot-files.ts";
import { type RecoveredLog, Wal, type WalOptions } from "./wal.ts";

export interface Recovered extends RecoveredLog {
  readonly snapshot: SnapshotMeta | null;
}

export interface Storage {
  readonly wal: Wal;
  readonly snapshots: SnapshotFiles;
  readonly recovered: Recovered;
}

/** Opens or makes a node's data directory: `wal/` and `snapshots/`. Throws StorageError. */
export async function openStorage(
  dataDir: string,
  options: Omit<WalOptions, "directory"> & { readonly disk: Disk },
): Promise<Storage> {
  const { disk } = options;
  await disk.makeDirectory(dataDir);
  await refuseOlderFormat(disk, dataDir);
  const snapshots = await SnapshotFiles.open(disk, join(dataDir, "snapshots"), options.duties);
  const snapshot = snapshots.latest();
  const logOptions = { ...options, directory: join(dataDir, "wal") };
  const { wal, recovered } = await Wal.open(logOptions, snapshot ?? { index: 0, term: 0 });
  const hard = seenBy(recovered.hard, snapshot);
  return { wal, snapshots, recovered: { ...recovered, hard, snapshot } };
}

/**
 * A snapshot can be durable before the log's record of the term that it ends with: what others committed is applied while
 * the own disk still writes. The node has been in that term then. It has no vote in it: one that was heard by anybody was
 * durable first (§3.8).
 */
function seenBy(hard: HardState, snapshot: SnapshotMeta | null): HardState {
  return snapshot === null || snapshot.term <= hard.term ? hard : { term: snapshot.term, votedFor: null };
}

async function refuseOlderFormat(disk: Disk, dataDir: string): Promise<void> {
  if (!(await disk.list(dataDir)).includes("wal.log")) return;
  throw new StorageError(
    `${join(dataDir, "wal.log")} is a log of an older format, which this version does not read; ` +
      "give the node an empty data directory under a new id",
  );
}
