import { expect, test } from "vitest";
import { machineClock } from "../../../../time/clock.ts";
import { KvStore } from "../../kv/store.ts";
import { DiskFull, storageError } from "../storage/errors.ts";
import { FakeDisk } from "../storage/test-support/fake-disk.ts";
import { openSnapshots } from "../storage/test-support/no-promises.ts";
import { SnapshotTaker } from "./taker.ts";

const membership = { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };

/** A disk without room for one more name in a directory: the file has its new name, but not durably. */
class FullDirectory extends FakeDisk {
  override async syncDirectory(path: string): Promise<void> {
    const cause = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    throw storageError(path, "synced", 0, cause);
  }
}

test("a disk that fills up after a snapshot was renamed is a setback, not a failure of the disk", async () => {
  const files = await openSnapshots(new FullDirectory(), "/data/snapshots");
  const setback = await new Promise<Error>((onSetback, onError) => {
    const onTaken = () => onError(new Error("the snapshot was taken"));
    const taker = new SnapshotTaker({ files, clock: machineClock(), onTaken, onSetback, onError });
    taker.take(new KvStore(), { index: 1, term: 1, membership }, 1);
  });
  expect(setback).toBeInstanceOf(DiskFull);
  expect(files.latest()).toBeNull();
});
