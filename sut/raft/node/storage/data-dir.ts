import { join } from "node:path";
import type { HardState, SnapshotMeta } from "../../core/types.ts";
import type { Disk } from "./disk.ts";
import { StorageError } from "./errors.ts";
import { segmentsOf } from "./segment-name.ts";
import { finishedSnapshots, SnapshotFiles } from "./snapshot-files.ts";
import { Superblock, type SuperblockOptions } from "./superblock.ts";
import { type RecoveredLog, Wal, type WalOptions } from "./wal.ts";

export interface Recovered extends RecoveredLog {
  readonly snapshot: SnapshotMeta | null;
}

export interface Storage {
  readonly wal: Wal;
  readonly snapshots: SnapshotFiles;
  readonly recovered: Recovered;
  /** Finishes the writes under way, and closes the files. */
  close(): Promise<void>;
}

export type StorageOptions = Omit<WalOptions, "directory" | "superblock"> & SuperblockOptions;

/** Opens or makes a node's data directory: `superblock`, `wal/` and `snapshots/`. Throws StorageError. */
export async function openStorage(dataDir: string, options: StorageOptions): Promise<Storage> {
  const { disk, duties } = options;
  const walDirectory = join(dataDir, "wal");
  const snapshotDirectory = join(dataDir, "snapshots");
  for (const directory of [dataDir, walDirectory, snapshotDirectory]) await disk.makeDirectory(directory);
  await refuseOlderFormat(disk, dataDir);
  const holdsData =
    segmentsOf(await disk.list(walDirectory)).length > 0 ||
    finishedSnapshots(await disk.list(snapshotDirectory)).length > 0;
  const superblock = await Superblock.open(disk, dataDir, holdsData, options);
  const snapshots = await SnapshotFiles.open(disk, snapshotDirectory, superblock, duties);
  const snapshot = snapshots.latest();
  const logOptions = { ...options, superblock, directory: walDirectory };
  const { wal, recovered } = await Wal.open(logOptions, snapshot ?? { index: 0, term: 0 });
  const hard = hardStateWith(recovered.hard, snapshot);
  const close = async () => {
    await wal.close();
    await superblock.close();
  };
  return { wal, snapshots, recovered: { ...recovered, hard, snapshot }, close };
}

/**
 * A snapshot can be durable before the log's record of the term that it ends with: the node applies what others committed
 * while its own disk still writes. The node was in that term then. It has no vote in it: a vote that others heard was durable
 * first (§3.8).
 */
function hardStateWith(hard: HardState, snapshot: SnapshotMeta | null): HardState {
  return snapshot === null || snapshot.term <= hard.term ? hard : { term: snapshot.term, votedFor: null };
}

async function refuseOlderFormat(disk: Disk, dataDir: string): Promise<void> {
  if (!(await disk.list(dataDir)).includes("wal.log")) return;
  throw new StorageError(
    `${join(dataDir, "wal.log")} is a log of an older format, which this version does not read; ` +
      "give the node an empty data directory under a new id",
  );
}
