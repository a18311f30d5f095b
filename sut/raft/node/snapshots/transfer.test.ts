import { beforeEach, describe, expect, test } from "vitest";
import { votersOnly } from "../../core/membership.ts";
import type { SnapshotMeta } from "../../core/types.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";
import { FakeDisk } from "../storage/test-support/fake-disk.ts";
import { openSnapshots } from "../storage/test-support/no-promises.ts";
import type { SnapshotMessage } from "./messages.ts";
import { SnapshotReceiver } from "./receiver.ts";
import { SnapshotSender } from "./sender.ts";

const membership = votersOnly(["n1", "n2", "n3"]);
const meta = (index: number): SnapshotMeta => ({ index, term: 1, membership });
const directory = "snapshots";
const mebibyte = 1024 * 1024;
const content = Buffer.alloc(3 * mebibyte, "some content, not all alike: ").map((byte, at) => byte ^ (at >> 16));

let nowMs = 0;
let seen: string[] = [];
/** Messages to n3 and back, in the order in which they are delivered. */
let underWay: { from: string; to: string; message: SnapshotMessage }[] = [];
let passes: (message: SnapshotMessage) => boolean;

beforeEach(() => {
  nowMs = 0;
  seen = [];
  underWay = [];
  passes = () => true;
});

async function filesWith(disk: FakeDisk, index: number, bytes: Uint8Array = content): Promise<SnapshotFiles> {
  const files = await openSnapshots(disk, directory);
  const writer = await files.create(meta(index));
  await writer.write(bytes);
  await writer.commit();
  return files;
}

function senderAt(id: string, files: SnapshotFiles): SnapshotSender {
  return new SnapshotSender({
    files,
    send: (to, message) => underWay.push({ from: id, to, message }),
    stallMs: 1000,
    nowMs: () => nowMs,
    onSent: (to, index) => seen.push(`${id}: ${to} has ${index}`),
    onFailed: (to, index) => seen.push(`${id}: ${to} did not get ${index}`),
    onError: (cause) => seen.push(`${id} stops: ${cause.message}`),
  });
}

function receiverOf(files: SnapshotFiles, known = { term: 1, commitIndex: 0 }): SnapshotReceiver {
  return new SnapshotReceiver({
    files,
    send: (to, message) => underWay.push({ from: "n3", to, message }),
    known: () => known,
    onReceived: (from, { term, snapshot }) => seen.push(`n3 got ${snapshot.index} of term ${term} from ${from}`),
    onSetback: (cause) => seen.push(`n3 goes on: ${cause.message.split(":")[0]}`),
    onError: (cause) => seen.push(`n3 stops: ${cause.message}`),
  });
}

/** Delivers until nothing is under way for a while. Returns what kinds of messages went over, and how many. */
async function deliverAll(receiver: SnapshotReceiver, senders: Record<string, SnapshotSender>) {
  const counts = { "snapshot-offer": 0, "snapshot-wanted": 0, "snapshot-piece": 0 };
  for (let quiet = 0; quiet < 20; quiet++) {
    await new Promise((resolve) => setImmediate(resolve));
    for (const { from, to, message } of underWay.splice(0)) {
      quiet = 0;
      if (!passes(message)) continue;
      counts[message.type]++;
      if (message.type === "snapshot-wanted") senders[to]?.wanted(from, message);
      else if (message.type === "snapshot-offer") receiver.offered(from, message);
      else receiver.arrived(message);
    }
  }
  return counts;
}

async function contentOf(files: SnapshotFiles, index: number): Promise<Buffer> {
  const reader = await files.open(meta(index));
  return reader.read(0, reader.bytes);
}

describe("a snapshot on its way to a follower", () => {
  test("arrives whole, piece after piece, and both ends are told", async () => {
    const files = await openSnapshots(new FakeDisk(), directory);
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    n1.begin("n3", 7, meta(50));
    expect(await deliverAll(receiverOf(files), { n1 })).toEqual({
      "snapshot-offer": 1,
      "snapshot-wanted": 13,
      "snapshot-piece": 12,
    });
    expect(seen).toEqual(["n3 got 50 of term 7 from n1", "n1: n3 has 50"]);
    expect((await contentOf(files, 50)).equals(content)).toBe(true);
    expect(files.latest()).toEqual(meta(50));
  });

  test("that has nothing in it arrives too", async () => {
    const files = await openSnapshots(new FakeDisk(), directory);
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50, Buffer.alloc(0)));
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiverOf(files), { n1 });
    expect(seen).toEqual(["n3 got 50 of term 1 from n1", "n1: n3 has 50"]);
  });

  test("goes on where it was when another leader has the same one", async () => {
    const receiver = receiverOf(await openSnapshots(new FakeDisk(), directory));
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    const n2 = senderAt("n2", await filesWith(new FakeDisk(), 50));
    let pieces = 0;
    passes = (message) => message.type !== "snapshot-piece" || ++pieces <= 8;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    passes = () => true;
    n2.begin("n3", 2, meta(50));
    expect(await deliverAll(receiver, { n1, n2 })).toMatchObject({ "snapshot-piece": 4 });
    expect(seen).toEqual(["n3 got 50 of term 2 from n2", "n2: n3 has 50"]);
  });

  test("gives way to a newer one that a deposed leader had sent: its place is taken, and its file is gone", async () => {
    const files = await openSnapshots(new FakeDisk(), directory);
    const receiver = receiverOf(files);
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 60));
    const n2 = senderAt("n2", await filesWith(new FakeDisk(), 50));
    n1.begin("n3", 1, meta(60));
    await deliverAll(receiver, { n1 });
    n2.begin("n3", 2, meta(50));
    await deliverAll(receiver, { n1, n2 });
    expect(seen.filter((what) => what.startsWith("n3"))).toEqual([
      "n3 got 60 of term 1 from n1",
      "n3 got 60 of term 2 from n2",
    ]);
    expect(files.latest()).toEqual(meta(60));
  });

  test("goes on where it was when the follower was killed", async () => {
    const disk = new FakeDisk();
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    let pieces = 0;
    passes = (message) => message.type !== "snapshot-piece" || ++pieces <= 8;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiverOf(await openSnapshots(disk, directory)), { n1 });
    passes = () => true;
    const files = await openSnapshots(disk.copy(), directory);
    n1.begin("n3", 1, meta(50));
    expect(await deliverAll(receiverOf(files), { n1 })).toMatchObject({ "snapshot-piece": 4 });
    expect((await contentOf(files, 50)).equals(content)).toBe(true);
  });

  test("begins anew when another one is offered", async () => {
    const files = await openSnapshots(new FakeDisk(), directory);
    const receiver = receiverOf(files);
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    const other = Buffer.from("other content");
    const n2 = senderAt("n2", await filesWith(new FakeDisk(), 60, other));
    let pieces = 0;
    passes = (message) => message.type !== "snapshot-piece" || ++pieces <= 8;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    n2.begin("n3", 2, meta(60));
    passes = () => true;
    await deliverAll(receiver, { n1, n2 });
    expect(seen).toEqual(["n3 got 60 of term 2 from n2", "n2: n3 has 60"]);
    expect((await contentOf(files, 60)).equals(other)).toBe(true);
  });

  test("is given up after a silence, and not before; the next attempt succeeds", async () => {
    const receiver = receiverOf(await openSnapshots(new FakeDisk(), directory));
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    passes = () => false;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    nowMs = 1000;
    n1.tick(() => true);
    expect(seen).toEqual([]);
    nowMs = 1001;
    n1.tick(() => true);
    expect(seen).toEqual(["n1: n3 did not get 50"]);
    passes = () => true;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    expect(seen.slice(1)).toEqual(["n3 got 50 of term 1 from n1", "n1: n3 has 50"]);
  });

  test("ends quietly when the core waits for it no more", async () => {
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    n1.begin("n3", 1, meta(50));
    n1.tick(() => false);
    const receiver = receiverOf(await openSnapshots(new FakeDisk(), directory));
    expect(await deliverAll(receiver, { n1 })).toMatchObject({ "snapshot-offer": 0 });
    expect(seen).toEqual([]);
  });

  test("is not carried over when the follower has committed that far, nor taken from a deposed leader", async () => {
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    const files = await openSnapshots(new FakeDisk(), directory);
    n1.begin("n3", 1, meta(50));
    const ahead = receiverOf(files, { term: 1, commitIndex: 50 });
    expect(await deliverAll(ahead, { n1 })).toMatchObject({ "snapshot-piece": 0 });
    expect(seen).toEqual(["n1: n3 has 50"]);
    n1.begin("n3", 1, meta(50));
    const later = receiverOf(files, { term: 2, commitIndex: 0 });
    expect(await deliverAll(later, { n1 })).toMatchObject({ "snapshot-wanted": 0 });
    expect(seen).toHaveLength(1);
  });

  test("fails, and the node goes on, when a newer one took its place before it was opened", async () => {
    const disk = new FakeDisk();
    await filesWith(disk, 50);
    const n1 = senderAt("n1", await filesWith(disk, 60));
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiverOf(await openSnapshots(new FakeDisk(), directory)), { n1 });
    expect(seen).toEqual(["n1: n3 did not get 50"]);
  });

  test("stays readable while a newer one takes its place", async () => {
    const disk = new FakeDisk();
    const files = await openSnapshots(new FakeDisk(), directory);
    const receiver = receiverOf(files);
    const n1 = senderAt("n1", await filesWith(disk, 50));
    passes = ({ type }) => type !== "snapshot-wanted";
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    await filesWith(disk, 60, Buffer.from("newer"));
    passes = () => true;
    receiver.offered("n1", {
      type: "snapshot-offer",
      term: 1,
      snapshot: meta(50),
      digest: await digestOf(50),
      bytes: content.length,
    });
    await deliverAll(receiver, { n1 });
    expect(seen).toContain("n3 got 50 of term 1 from n1");
  });

  test("that was damaged on the way is not taken, and can be sent again", async () => {
    const files = await openSnapshots(new FakeDisk(), directory);
    const receiver = receiverOf(files);
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    passes = (message) => {
      if (message.type === "snapshot-piece") message.content[0] = 0;
      return true;
    };
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^n3 goes on: received 3145728 bytes/);
    passes = () => true;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    expect((await contentOf(files, 50)).equals(content)).toBe(true);
  });

  test("for which there is no room is not taken, and the node goes on", async () => {
    const disk = new FakeDisk();
    const receiver = receiverOf(await openSnapshots(disk, directory));
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    disk.room = mebibyte;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^n3 goes on: the disk is full/);
    disk.room = Number.POSITIVE_INFINITY;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    expect(seen.slice(1)).toEqual(["n3 got 50 of term 1 from n1", "n1: n3 has 50"]);
  });

  test("on a disk that fails stops the node", async () => {
    const disk = new FakeDisk();
    const receiver = receiverOf(await openSnapshots(disk, directory));
    const n1 = senderAt("n1", await filesWith(new FakeDisk(), 50));
    disk.deedsLeft = 4;
    n1.begin("n3", 1, meta(50));
    await deliverAll(receiver, { n1 });
    expect(seen[0]).toMatch(/^n3 stops: .*EIO/);
  });
});

async function digestOf(index: number): Promise<string> {
  const reader = await (await filesWith(new FakeDisk(), index)).open(meta(index));
  return reader.digest;
}

test("a snapshot of the node's own and one that arrives take their places one after the other", async () => {
  const files = await filesWith(new FakeDisk(), 10);
  const writer = await files.create(meta(40));
  await writer.write(content);
  const arriving = await files.receive(meta(50), await digestOf(50), content.length);
  await arriving.write(0, content);
  await Promise.all([writer.commit(), arriving.finish()]);
  expect(files.latest()).toEqual(meta(50));
  expect((await contentOf(files, 50)).equals(content)).toBe(true);
});
