import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entry, HardState, LogPosition } from "../../core/types.ts";
import { Superblock } from "./superblock.ts";
import { FakeDisk } from "./test-support/fake-disk.ts";
import { hastyClock, store } from "./test-support/no-promises.ts";
import { directory, entryAt, noSnapshot, OpenWal, positions } from "./test-support/open-wal.ts";
import type { WalRecord } from "./wal-format.ts";

/** What a node asks of its storage. The amounts are cut down to what is possible then. */
type Deed =
  | { readonly type: "append"; readonly entries: number; readonly bytes: number }
  | { readonly type: "vote" }
  | { readonly type: "truncate"; readonly entries: number; readonly bytes: number }
  | { readonly type: "snapshot"; readonly entries: number }
  | { readonly type: "install"; readonly ahead: number };

/** A log as it should be: all of it, with the snapshot that was durable then. */
interface Model {
  readonly hard: HardState;
  readonly snapshot: LogPosition;
  /** From the first index on; those before the snapshot may be missing. */
  readonly entries: readonly Entry[];
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("append" as const),
      entries: fc.integer({ min: 1, max: 4 }),
      bytes: size(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("vote" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("truncate" as const),
      entries: fc.integer({ min: 1, max: 6 }),
      bytes: size(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("snapshot" as const), entries: fc.integer({ min: 0, max: 20 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("install" as const), ahead: fc.integer({ min: -3, max: 9 }) }),
  },
);

function size(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 90 }) },
    { weight: 1, arbitrary: fc.integer({ min: 600, max: 2500 }) },
  );
}

/** The record of a deed, and the log once it is carried out. A snapshot is durable before its record is written. */
function carryOut(model: Model, deed: Deed): { readonly record: WalRecord | null; readonly model: Model } {
  const last = model.entries.at(-1) ?? model.snapshot;
  const term = model.hard.term;
  if (deed.type === "append") {
    const append = Array.from({ length: deed.entries }, (_, i) => entryAt(last.index + 1 + i, term, deed.bytes));
    return { record: { append }, model: { ...model, entries: [...model.entries, ...append] } };
  }
  const hard = { term: term + 1, votedFor: `n${term % 3}` };
  if (deed.type === "vote") return { record: { hard }, model: { ...model, hard } };
  if (deed.type === "truncate") {
    const from = Math.max(model.snapshot.index + 1, last.index + 1 - deed.entries);
    const append = [entryAt(from, term + 1, deed.bytes)];
    const entries = [...model.entries.filter(({ index }) => index < from), ...append];
    return { record: { hard, truncateFrom: from, append }, model: { ...model, hard, entries } };
  }
  if (deed.type === "snapshot") {
    const reached = model.entries[Math.min(deed.entries, model.entries.length - 1)] ?? model.snapshot;
    const snapshot = { index: reached.index, term: reached.term };
    return {
      record: null,
      model: { ...model, snapshot, entries: model.entries.filter(({ index }) => index > snapshot.index) },
    };
  }
  const snapshot = { index: Math.max(model.snapshot.index + 1, last.index + deed.ahead), term: term + 1 };
  return { record: { base: snapshot, hard }, model: { hard, snapshot, entries: [] } };
}

const describeModel = ({ hard, entries }: Pick<Model, "hard" | "entries">) =>
  `${hard.term} ${hard.votedFor}: ${positions(entries)}`;

/** Carries the deeds out until the disk stops. The logs that may be found afterwards: the last acknowledged one and later. */
async function live(log: OpenWal, disk: FakeDisk, start: Model, deeds: readonly Deed[]) {
  let model = start;
  let possible = [start];
  for (const next of deeds) {
    const carried = carryOut(model, next);
    const { snapshot } = carried.model;
    model = carried.model;
    // The snapshot's own file is durable by now, whatever becomes of the record.
    if (carried.record?.base !== undefined) possible = possible.map((before) => ({ ...before, snapshot, entries: [] }));
    else
      possible = possible.map((before) => ({
        ...before,
        snapshot,
        entries: before.entries.filter(({ index }) => index > snapshot.index),
      }));
    possible.push(model);
    if (carried.record !== null && !(await log.write(carried.record))) return { possible, snapshot };
    possible = [model];
    await log.wal.compact(snapshot.index);
    if (disk.deedsLeft < 0) return { possible, snapshot };
  }
  return { possible, snapshot: model.snapshot };
}

test("whatever a crash leaves of the disk, the log is one that was acknowledged, or written since", async () => {
  const run = fc.asyncProperty(
    fc.array(fc.array(deed, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: 1, max: 0x7fffffff }),
    fc.constantFrom(512, 700, 1500),
    async (lives, deedsLeft, seed, segmentBytes) => {
      let disk = new FakeDisk();
      let expected: Model[] = [{ hard: { term: 0, votedFor: null }, snapshot: noSnapshot, entries: [] }];
      let snapshot = noSnapshot;
      const survives = coin(seed);
      for (const [place, deeds] of lives.entries()) {
        const log = await OpenWal.open(disk, segmentBytes, snapshot, await superblockOn(disk));
        const { hard, entries } = log.recovered;
        expect(expected.map(describeModel)).toContain(describeModel({ hard, entries }));
        disk.deedsLeft = deedsLeft[place]!;
        const outcome = await live(log, disk, { hard, snapshot, entries }, deeds);
        expected = outcome.possible;
        snapshot = outcome.snapshot;
        disk = disk.crash(survives);
      }
      const { hard, entries } = (await OpenWal.open(disk, segmentBytes, snapshot, await superblockOn(disk))).recovered;
      expect(expected.map(describeModel)).toContain(describeModel({ hard, entries }));
    },
  );
  await fc.assert(run, { numRuns: 400 });
});

/** The disk fails under log and superblock alike; the log is asked what became of it. */
function superblockOn(disk: FakeDisk): Promise<Superblock> {
  const holdsData = disk.list(directory).then((names) => names.length > 0);
  const owner = { node: "n1", newStoreId: () => store, fsync: true, clock: hastyClock, onError: () => undefined };
  return holdsData.then((holds) => Superblock.open(disk, "/data", holds, owner));
}

/** A coin from a seed (xorshift): cheap, and asked many times. */
function coin(seed: number): () => boolean {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state & 4) !== 0;
  };
}
