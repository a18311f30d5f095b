import type { SnapshotMeta } from "../../core/types.ts";
import type { KvStore } from "../../kv/store.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";

/** Work between two turns of the event loop. */
const pieceBytes = 64 * 1024;

/** Reads a snapshot's content into a new store, a piece a turn. Throws StorageError, or SnapshotError for its content. */
export async function restoreStore(
  files: Pick<SnapshotFiles, "open">,
  snapshot: SnapshotMeta,
  store: KvStore,
): Promise<KvStore> {
  const reader = await files.open(snapshot);
  const target = store.restore();
  try {
    for (let offset = 0; offset < reader.bytes; offset += pieceBytes) {
      target.push(await reader.read(offset, pieceBytes));
    }
  } finally {
    await reader.close();
  }
  target.finish();
  return store;
}
