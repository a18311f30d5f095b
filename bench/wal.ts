import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Entry } from "../sut/raft/core/types.ts";
import { openStorage } from "../sut/raft/node/storage/data-dir.ts";
import { localDisk } from "../sut/raft/node/storage/local-disk.ts";
import { wallClock } from "../time/clock.ts";

/**
 * Writes a log as a node does, in writes of so many entries, and recovers it. Usage:
 * `node bench/wal.ts [megabytes] [bytes of a command] [entries in a write] [directory]`
 */
const [megabytes = 100, commandBytes = 256, entriesPerWrite = 64] = process.argv.slice(2, 5).map(Number);
const parent = process.argv[5] ?? ".";
const writes = Math.ceil((megabytes * 1e6) / (commandBytes * entriesPerWrite));

const dataDir = await mkdtemp(join(parent, "keelhaul-bench-"));
try {
  const syncsMs: number[] = [];
  const written = await timed(() => write(syncsMs));
  syncsMs.sort((one, other) => one - other);
  const at = (quantile: number) => syncsMs[Math.floor(quantile * (syncsMs.length - 1))]?.toFixed(2);
  console.log(
    `wrote ${writes * entriesPerWrite} entries in ${writes} writes, ${Math.round(writes / written)} a second`,
  );
  console.log(`fdatasync p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  let entries = 0;
  const recovered = await timed(async () => {
    const storage = await open(() => undefined);
    entries = storage.recovered.entries.length;
    await storage.close();
  });
  console.log(`recovered ${entries} entries in ${recovered.toFixed(2)} s`);
} finally {
  await rm(dataDir, { recursive: true });
}

async function write(syncsMs: number[]): Promise<void> {
  let durable: () => void = () => undefined;
  const { wal, close } = await open(() => durable(), syncsMs);
  for (let io = 1; io <= writes; io++) {
    const done = new Promise<void>((resolve) => {
      durable = resolve;
    });
    wal.append(io, { append: entriesFrom((io - 1) * entriesPerWrite + 1) });
    await done;
  }
  await close();
}

function open(onDurable: () => void, syncsMs: number[] = []) {
  return openStorage(dataDir, {
    node: "n1",
    newStoreId: () => "0123456789abcdef",
    fsync: true,
    clock: wallClock(),
    disk: localDisk({ fsync: true }),
    segmentBytes: 16 * 1024 * 1024,
    onDurable,
    onError: (cause) => {
      throw cause;
    },
    onLowSpace: (cause) => console.error(cause.message),
    onSync: (durationMs) => syncsMs.push(durationMs),
    nowMs: () => performance.now(),
  });
}

function entriesFrom(index: number): Entry[] {
  const command = Buffer.alloc(commandBytes, index);
  const one = (at: number): Entry => ({ index: index + at, term: 1, kind: "command", command, bytes: commandBytes });
  return Array.from({ length: entriesPerWrite }, (_, at) => one(at));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
