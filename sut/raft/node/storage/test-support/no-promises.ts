import type { Clock } from "../../../../../time/clock.ts";
import type { Disk } from "../disk.ts";
import { SnapshotFiles } from "../snapshot-files.ts";
import type { PromiseRecord } from "../superblock.ts";

export const store = "0123456789abcdef";

/** A superblock that knows of no promise, so that a log or snapshots are judged by themselves. */
export const noPromises: PromiseRecord = {
  store,
  promised: { synced: null, snapshotIndex: 0 },
  note: () => undefined,
};

/** Pauses last no longer than a turn of the event loop. */
export const hastyClock: Pick<Clock, "after"> = {
  after: (_ms, deed) => {
    const waiting = setImmediate(deed);
    return () => clearImmediate(waiting);
  },
};

/** The snapshots of a directory without a superblock beside it. */
export function openSnapshots(disk: Disk, directory: string): Promise<SnapshotFiles> {
  return SnapshotFiles.open(disk, directory, noPromises);
}
