import type { SnapshotMeta } from "../../core/types.ts";
import type { KvStore } from "../../kv/store.ts";
import { StorageError } from "../storage/errors.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";

/** Work between two turns of the event loop. */
const pieceBytes = 64 * 1024;

/** Reads a snapshot's content into a new store, a piece a turn; the digest is the content's. Throws StorageError. */
export async function restoreInto(
  store: KvStore,
  files: Pick<SnapshotFiles, "open">,
  snapshot: SnapshotMeta,
): Promise<{ readonly store: KvStore; readonly digest: string }> {
  const reader = await files.open(snapshot);
  try {
    const target = store.restore();
    for (let offset = 0; offset < reader.bytes; offset += pieceBytes) {
      target.push(await reader.read(offset, pieceBytes));
    }
    target.finish();
    return { store, digest: reader.digest };
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    const { message } = cause as Error;
    throw new StorageError(`the snapshot of ${snapshot.index} cannot be restored: ${message}`, { cause });
  } finally {
    await reader.close();
  }
}
