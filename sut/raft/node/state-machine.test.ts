import { expect, test } from "vitest";
import { wallClock } from "../../../time/clock.ts";
import type { AppliedEntry } from "../core/events.ts";
import { votersOnly } from "../core/membership.ts";
import type { Index, Ref, SnapshotMeta } from "../core/types.ts";
import { KvStore } from "../kv/store.ts";
import { encodeQuestion } from "../protocol/command-codec.ts";
import { duties } from "./duties.ts";
import { restoreInto } from "./snapshots/restore.ts";
import { SnapshotTaker } from "./snapshots/taker.ts";
import { StateMachine, type StateMachineOptions } from "./state-machine.ts";
import { DiskFull, StorageError } from "./storage/errors.ts";
import type { SnapshotFiles } from "./storage/snapshot-files.ts";
import { FakeDisk } from "./storage/test-support/fake-disk.ts";
import { openSnapshots } from "./storage/test-support/no-promises.ts";

const membership = votersOnly(["n1"]);
const meta = (index: number): SnapshotMeta => ({ index, term: 1, membership });

function put(index: Index, refs: readonly Ref[] = []): AppliedEntry {
  const question = encodeQuestion({ command: { type: "put", key: `k${index % 50}`, value: index } });
  const command = "command" in question ? question.command : undefined;
  return { entry: { index, term: 1, kind: "command", command, bytes: 1 }, refs };
}

function puts(from: Index, to: Index): AppliedEntry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => put(from + i));
}

function machineWith(options: Partial<StateMachineOptions>) {
  const seen: string[] = [];
  const machine = new StateMachine({
    duties,
    store: new KvStore(),
    restore: () => Promise.reject(new Error("nothing to restore")),
    snapshotEntries: 10,
    takeSnapshot: (store, applied) => seen.push(`snapshot of ${applied}, with ${store.get(`k${applied % 50}`)}`),
    onApplied: (index) => seen.push(`applied ${index}`),
    answer: (ref, { type }) => seen.push(`${ref}: ${type}`),
    answerReads: () => undefined,
    onError: (cause) => seen.push(`stops: ${cause.message}`),
    ...options,
  });
  return { machine, seen };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
}

test("a snapshot is taken behind every so many entries, in the middle of what is applied together", () => {
  const { machine, seen } = machineWith({});
  machine.apply(puts(1, 25));
  expect(seen).toEqual(["snapshot of 10, with 10", "snapshot of 20, with 20", "applied 25"]);
});

test("nodes that apply the same entries in other batches take the same snapshots, byte for byte", async () => {
  const digests: string[] = [];
  for (const batch of [1, 7, 100]) {
    const files = await openSnapshots(new FakeDisk(), "snapshots");
    const taker = takerInto(files);
    const { machine } = machineWith({
      snapshotEntries: 40,
      takeSnapshot: (store, applied) => taker.take(store, meta(applied), applied),
    });
    for (let at = 1; at <= 100; at += batch) machine.apply(puts(at, Math.min(100, at + batch - 1)));
    await turns();
    const first = files.latest();
    expect(first?.index).toBe(40);
    digests.push((await files.open(meta(40))).digest);
  }
  expect(new Set(digests).size).toBe(1);
});

test("what is restored is what was taken, while the store went on", async () => {
  const files = await openSnapshots(new FakeDisk(), "snapshots");
  const taker = takerInto(files);
  const { machine } = machineWith({
    takeSnapshot: (store, applied) => applied === 10 && taker.take(store, meta(10), applied),
  });
  machine.apply(puts(1, 60));
  await turns();
  const { store: restored } = await restoreInto(new KvStore(), files, meta(10));
  expect([restored.get("k10"), restored.get("k11"), machine.get("k10")]).toEqual([10, null, 60]);
});

test("entries wait for the snapshot that is being restored, and reads see the former state until then", async () => {
  let restored: (store: KvStore) => void = () => undefined;
  const { machine, seen } = machineWith({ restore: () => new Promise((resolve) => (restored = resolve)) });
  machine.apply(puts(1, 2));
  machine.restore(meta(70));
  machine.apply([put(71, [9])]);
  expect([seen.splice(0), machine.get("k2"), machine.get("k21")]).toEqual([["applied 2"], 2, null]);
  restored(new KvStore());
  await turns();
  expect(seen).toEqual(["applied 70", "9: ok", "applied 71"]);
  expect([machine.get("k2"), machine.get("k21")]).toEqual([null, 71]);
});

test("a later snapshot takes the place of one that is being restored, whichever is done first", async () => {
  const done = new Map<Index, (store: KvStore) => void>();
  const { machine, seen } = machineWith({
    restore: ({ index }) => new Promise((resolve) => done.set(index, resolve)),
  });
  machine.restore(meta(70));
  machine.apply([put(71, [9])]);
  machine.restore(meta(90));
  machine.apply([put(91)]);
  done.get(90)?.(new KvStore());
  await turns();
  done.get(70)?.(new KvStore());
  await turns();
  expect(seen).toEqual(["9: outcome-unknown", "applied 90", "applied 91"]);
});

test("a snapshot that cannot be restored stops the node, unless a later one took its place", async () => {
  const { machine, seen } = machineWith({ restore: ({ index }) => Promise.reject(new StorageError(`no ${index}`)) });
  machine.restore(meta(70));
  machine.restore(meta(90));
  await turns();
  expect(seen).toEqual(["stops: no 90"]);
});

test("a damaged snapshot is not restored", async () => {
  const files = await openSnapshots(new FakeDisk(), "snapshots");
  const writer = await files.create(meta(10));
  await writer.write(Buffer.from('["keelhaul-kv",1]\n["value","k"'));
  await writer.commit();
  await expect(restoreInto(new KvStore(), files, meta(10))).rejects.toThrow(StorageError);
});

test("without room there is no snapshot, the node goes on, and the next one succeeds", async () => {
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, "snapshots");
  const setbacks: Error[] = [];
  const taker = takerInto(files, (cause) => setbacks.push(cause));
  const { machine } = machineWith({ takeSnapshot: (store, applied) => taker.take(store, meta(applied), applied) });
  disk.room = 10;
  machine.apply(puts(1, 10));
  await turns();
  expect([setbacks.length, setbacks[0] instanceof DiskFull, files.latest()]).toEqual([1, true, null]);
  disk.room = Number.POSITIVE_INFINITY;
  machine.apply(puts(11, 20));
  await turns();
  expect(files.latest()).toEqual(meta(20));
});

function takerInto(files: SnapshotFiles, onSetback: (cause: Error) => void = fail): SnapshotTaker {
  return new SnapshotTaker({ files, clock: wallClock(), onTaken: () => undefined, onSetback, onError: fail });
}

function fail(cause: Error): never {
  throw cause;
}
