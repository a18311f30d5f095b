import { join } from "node:path";
import type { SnapshotMeta } from "../../core/types.ts";
import { duties as healthyDuties } from "../duties.ts";
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
  // Others committed what is in the snapshot, and it was applied while the own disk still wrote. The node has no vote in that
  // term: one that was heard by anybody was durable first (§3.8).
  const { hardStateBehindSnapshot } = duties ?? healthyDuties;
  const hard = snapshot === null ? recovered.hard : hardStateBehindSnapshot(recovered.hard, snapshot.term);
  const close = async () => {
    await wal.close();
    await superblock.close();
  };
  return { wal, snapshots, recovered: { ...recovered, hard, snapshot }, close };
}

async function refuseOlderFormat(disk: Disk, dataDir: string): Promise<void> {
  if (!(await disk.list(dataDir)).includes("wal.log")) return;
  throw new StorageError(
    `${join(dataDir, "wal.log")} is a log of an older format, which this version does not read; ` +
      "give the node an empty data directory under a new id",
  );
}
