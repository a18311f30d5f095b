import { type RandomStream, randomStream } from "../../../../../random/stream.ts";
import type { Entry, HardState, SnapshotMeta } from "../../../core/types.ts";
import { openStorage, type Storage } from "../data-dir.ts";
import type { WalRecord } from "../wal-format.ts";
import { FakeDisk } from "./fake-disk.ts";
import { hastyClock } from "./no-promises.ts";
import { entryAt, positions, settled } from "./open-wal.ts";

const membership = { incoming: ["n1", "n2", "n3"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };

/** What a node promised: its term and vote, its log from the first entry on, and how far a snapshot stands in for it. */
export interface Promises {
  readonly hard: HardState;
  readonly log: readonly Entry[];
  readonly snapshotIndex: number;
}

/** A data directory after a life of writes, votes, truncations, snapshots and compactions, all of it acknowledged. */
export interface LivedStore {
  readonly disk: FakeDisk;
  readonly promises: Promises;
  /** The disk as it was at earlier moments. */
  readonly earlier: readonly FakeDisk[];
}

export function openNode(disk: FakeDisk, node: string, segmentBytes = 1024): Promise<Storage> {
  const ignore = () => undefined;
  const told = { onDurable: ignore, onLowSpace: ignore, onSync: ignore, onError: rethrow };
  const owner = {
    node,
    newStoreId: () => Buffer.from(node.padEnd(8, ".")).toString("hex"),
    fsync: true,
    clock: hastyClock,
  };
  return openStorage("/data", { disk, segmentBytes, nowMs: () => 0, ...told, ...owner });
}

/** The same for the same seed. */
export async function liveStore(node: string, seed: number, deeds = 60): Promise<LivedStore> {
  const random = randomStream(seed, `life of ${node}`);
  const disk = new FakeDisk();
  const storage = await openNode(disk, node);
  const earlier: FakeDisk[] = [];
  let promises: Promises = { hard: { term: 1, votedFor: null }, log: [], snapshotIndex: 0 };
  let io = 0;
  const write = async (record: WalRecord) => {
    storage.wal.append(++io, record);
    await settled();
  };
  await write({ hard: promises.hard });
  for (let deed = 0; deed < deeds; deed++) {
    const next = random.fraction();
    if (next < 0.75) promises = await append(promises, write, random);
    else if (next < 0.85) promises = await truncate(promises, write, random);
    else promises = await snapshot(promises, storage, random);
    if (deed % 10 === 9) earlier.push(disk.copy());
  }
  // The superblock's last note follows after a pause.
  for (let turn = 0; turn < 5; turn++) await settled();
  return { disk, promises, earlier };
}

/** What of the promises a start does not find; null: it finds them all. Throws StorageError when the node does not start. */
export async function unkept(disk: FakeDisk, node: string, { hard, log }: Promises): Promise<string | null> {
  const { recovered, snapshots, close } = await openNode(disk, node);
  const meta = recovered.snapshot;
  const content = meta === null ? null : await read(await snapshots.open(meta));
  await close();
  const index = meta?.index ?? 0;
  if (meta !== null && content !== contentAt(log.slice(0, index))) return `another state at ${index}`;
  if (recovered.hard.term !== hard.term || recovered.hard.votedFor !== hard.votedFor) {
    return `term ${recovered.hard.term}, vote ${recovered.hard.votedFor}`;
  }
  const found = JSON.stringify(recovered.entries.map(comparable));
  return found === JSON.stringify(log.slice(index).map(comparable)) ? null : positions(recovered.entries);
}

async function append(promises: Promises, write: (record: WalRecord) => Promise<void>, random: RandomStream) {
  const { log, hard } = promises;
  const count = random.integer(1, 3);
  const bytes = random.pick([9, 40, 200, 1500]);
  const entries = Array.from({ length: count }, (_, at) => entryAt(log.length + 1 + at, hard.term, bytes));
  await write({ append: entries });
  return { ...promises, log: [...log, ...entries] };
}

async function truncate(promises: Promises, write: (record: WalRecord) => Promise<void>, random: RandomStream) {
  const { log, snapshotIndex } = promises;
  const hard = { term: promises.hard.term + 1, votedFor: random.pick(["n1", "n2", null]) };
  const from = Math.max(snapshotIndex + 1, log.length - random.integer(0, 2));
  const entry = entryAt(from, hard.term);
  await write({ hard, truncateFrom: from, append: [entry] });
  return { ...promises, hard, log: [...log.slice(0, from - 1), entry] };
}

async function snapshot(promises: Promises, { snapshots, wal }: Storage, random: RandomStream): Promise<Promises> {
  const { log, snapshotIndex } = promises;
  const index = random.integer(snapshotIndex, log.length);
  if (index === snapshotIndex) return promises;
  const meta: SnapshotMeta = { index, term: log[index - 1]!.term, membership };
  const writer = await snapshots.create(meta);
  await writer.write(Buffer.from(contentAt(log.slice(0, index))));
  await writer.commit();
  await wal.compact(Math.max(0, index - random.pick([0, 3])));
  await settled();
  return { ...promises, snapshotIndex: index };
}

/** A state that tells what made it. */
function contentAt(entries: readonly Entry[]): string {
  return positions(entries);
}

async function read(reader: Awaited<ReturnType<Storage["snapshots"]["open"]>>): Promise<string> {
  try {
    return (await reader.read(0, reader.bytes)).toString();
  } finally {
    await reader.close();
  }
}

function comparable({ command, ...entry }: Entry) {
  return { ...entry, command: Buffer.from((command ?? []) as Uint8Array).toString("hex") };
}

function rethrow(cause: Error): never {
  throw cause;
}
