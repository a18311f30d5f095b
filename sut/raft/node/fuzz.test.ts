import type { Server } from "node:net";
import { Duplex } from "node:stream";
import { pino } from "pino";
import { expect, test } from "vitest";
import { type RandomStream, randomStream } from "../../../random/stream.ts";
import { type Clock, wallClock } from "../../../time/clock.ts";
import { conductOf } from "../mutants/registry.ts";
import { encodeQuestion } from "../protocol/command-codec.ts";
import { encodeFrame } from "../protocol/frames.ts";
import { DialerHandshake, type Port } from "../protocol/handshake.ts";
import { type AssembledNode, assembleNode } from "./assemble.ts";
import { createClientPort } from "./client-port.ts";
import { parseNodeConfig } from "./config.ts";
import { createMetrics } from "./metrics.ts";
import { createPeerServer } from "./peer-server.ts";
import { FakeDisk } from "./storage/test-support/fake-disk.ts";
import { hastyClock } from "./storage/test-support/no-promises.ts";

const secret = "0123456789abcdef0123456789abcdef";
const dataDir = "/nodes/n1";
const maxGrowthBytes = 400 * 1024 * 1024;

/** A node in this process whose time stands still, so that only what it is sent moves it. */
async function nodeOnFakeDisk(peers: readonly string[]) {
  const disk = new FakeDisk();
  const stopped: Error[] = [];
  const sent: unknown[] = [];
  const endpoint = { host: "127.0.0.1", port: 1 };
  const config = parseNodeConfig(
    JSON.stringify({
      ...{ id: "n1", dataDir, readMode: "read-index", knobs: { walSegmentBytes: 65_536 } },
      listen: { peer: endpoint, client: endpoint, http: endpoint },
      peers: Object.fromEntries(peers.map((peer) => [peer, endpoint])),
    }),
  );
  let nowNs = 0;
  const clock: Clock = { nowNs: () => nowNs, after: hastyClock.after, soon: wallClock().soon };
  const node: AssembledNode = await assembleNode({
    ...{ config, ...conductOf(), disk, clock },
    newStoreId: () => "0123456789abcdef",
    timeOfDayMs: () => 0,
    random: () => 0,
    links: () => ({ send: (_, message) => sent.push(message), tick: nothing, close: nothing, dropped: () => 0 }),
    watch: { watched: (step) => step, durable: nothing },
    log: pino({ enabled: false }),
    metrics: createMetrics({
      state: () => node.state,
      droppedMessages: () => 0,
      walBytes: () => 0,
      loopDelay: noDelay,
    }),
    onFatal: (_, cause) => stopped.push(cause),
  });
  const passTime = (ms: number) => {
    nowNs += ms * 1e6;
    node.driver.tick();
  };
  return { node, disk, stopped, sent, passTime };
}

const nothing = () => undefined;
const noDelay = () => ({ p50: 0, p99: 0, max: 0 });

/** The other end of a connection that a server believes it has. */
class Wire extends Duplex {
  readonly heard: Buffer[] = [];
  /** What the server writes, as it comes. */
  onHeard: (chunk: Buffer) => void = (chunk) => this.heard.push(chunk);

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.onHeard(chunk);
    done();
  }

  setTimeout(): this {
    return this;
  }

  /** What the server hears. */
  say(bytes: Buffer): void {
    if (!this.destroyed) this.emit("data", bytes);
  }
}

function connectTo(server: Server): Wire {
  const wire = new Wire();
  server.emit("connection", wire);
  return wire;
}

function greetedBy(server: Server, port: Port, from: string): Wire {
  const wire = connectTo(server);
  const handshake = new DialerHandshake(port, { from, to: "n1" }, secret);
  const next = handshake.push(Buffer.concat(wire.heard));
  if (next === null || !("reply" in next)) throw new Error("the server sent no challenge");
  wire.onHeard = nothing;
  wire.say(next.reply);
  return wire;
}

/** One change to the bytes, none, or other bytes altogether. */
function mutated(frame: Buffer, random: RandomStream): Buffer {
  const at = random.integer(0, frame.length - 1);
  const changes: readonly (() => Buffer)[] = [
    () => frame,
    () => withByte(frame, at, random.integer(0, 255)),
    () => withByte(frame, at, frame[at]! ^ (1 << random.integer(0, 7))),
    () => Buffer.concat([frame.subarray(0, at), bytesFrom(random, random.integer(1, 8)), frame.subarray(at)]),
    () => inFrame(Buffer.concat([frame.subarray(4, at + 4), frame.subarray(at + 4 + random.integer(1, 8))])),
    () => inFrame(bytesFrom(random, random.integer(1, 60))),
  ];
  return random.pick(changes)();
}

function withByte(frame: Buffer, at: number, byte: number): Buffer {
  const changed = Buffer.from(frame);
  changed[at] = byte;
  return changed;
}

function bytesFrom(random: RandomStream, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.integer(0, 255)));
}

function inFrame(body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}

/** A frame whose length was changed swallows those that follow, so no connection lasts longer than this. */
const framesPerConnection = 40;

/** Says so many frames, on a new connection after each that the server closed. */
async function fuzz(frames: number, seed: number, templates: readonly Buffer[], dial: () => Wire) {
  const random = randomStream(seed, "fuzz");
  let wire = dial();
  for (let said = 0; said < frames; said++) {
    if (said % framesPerConnection === 0) wire.destroy();
    if (wire.destroyed) wire = dial();
    wire.say(mutated(random.pick(templates), random));
    if (said % 64 === 0) await new Promise(setImmediate);
  }
  wire.destroy();
  await new Promise(setImmediate);
}

const membership = { incoming: ["n1", "n2", "n3"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };
const zero = { index: 0, term: 0 };
const commandBytes = (text: string) => Buffer.from(text);
const put = commandBytes('{"type":"put","key":"k","value":{"__proto__":1}}');
const entries = [
  { index: 1, term: 1, kind: "noop", bytes: 0 },
  { index: 2, term: 1, kind: "command", command: put, bytes: put.length },
  { index: 3, term: 1, kind: "config", membership, bytes: 0 },
];
const digest = "ab".repeat(32);
const fromPeers: readonly Buffer[] = [
  null,
  { type: "request-vote", term: 1, lastLog: zero, transfer: false },
  { type: "request-vote-reply", term: 1, granted: true },
  { type: "pre-vote", term: 2, lastLog: zero },
  { type: "pre-vote-reply", term: 1, granted: true },
  { type: "append-entries", term: 1, prev: zero, entries: [], leaderCommit: 0, round: 1 },
  { type: "append-entries", term: 1, prev: zero, entries, leaderCommit: 0, round: 2 },
  { type: "append-entries", term: 1, prev: zero, entries, leaderCommit: 2, round: 3 },
  { type: "append-accepted", term: 1, matchIndex: 0, round: 1 },
  { type: "append-rejected", term: 1, refusedTerm: 1, rejectedPrev: 0, hint: zero, round: 1 },
  { type: "read-index-request", term: 1, run: 7, question: 1 },
  { type: "read-index-reply", term: 1, run: 7, question: 1, readIndex: 0 },
  { type: "snapshot-offer", term: 1, snapshot: { index: 90, term: 1, membership }, digest, bytes: 5000 },
  { type: "snapshot-wanted", digest, offset: 0 },
  { type: "snapshot-piece", digest, offset: 0, content: Buffer.alloc(700, 3) },
].map((message) => encodeFrame(message));

test("60,000 frames to the peer port, with and without a greeting: the node goes on, and writes nowhere else", async () => {
  const { node, disk, stopped, sent } = await nodeOnFakeDisk(["n2", "n3"]);
  const refused: string[] = [];
  const server = createPeerServer({
    ...{ id: "n1", secret, peers: new Set(["n2", "n3"]), maxFrameBytes: 4 * 1024 * 1024, accepts: () => true },
    onMessage: (from, message) => node.receive(from, message),
    onRefused: (reason) => refused.push(reason),
  });
  const beforeBytes = process.memoryUsage().rss;
  await fuzz(50_000, 1, fromPeers, () => greetedBy(server, "peer", "n3"));
  await fuzz(10_000, 2, fromPeers, () => connectTo(server));
  expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(maxGrowthBytes);
  expect(stopped).toEqual([]);
  expect(refused.length).toBeGreaterThan(10_000);
  expect(disk.paths().filter((path) => !path.startsWith(`${dataDir}/`))).toEqual([]);

  sent.length = 0;
  const term = node.state.term + 1;
  greetedBy(server, "peer", "n2").say(encodeFrame({ type: "request-vote", term, lastLog: zero, transfer: true }));
  await expect.poll(() => sent).toContainEqual(expect.objectContaining({ type: "request-vote-reply", term }));
  await node.close();
}, 120_000);

const fromClients: readonly Buffer[] = [
  { read: "k" },
  { command: { type: "put", key: "__proto__", value: { constructor: 1 } } } as const,
  { command: { type: "cas", key: "k", expected: null, value: [1, "x"] } } as const,
  { command: { type: "incr", key: "n", by: 1 } } as const,
  { command: { type: "append", key: "l", element: "e" } } as const,
  { command: { type: "delete", key: "k" } } as const,
  {
    command: {
      type: "txn",
      steps: [
        ["r", "k", null],
        ["w", "k", 1],
      ],
    },
  } as const,
  { command: { type: "open-session" } } as const,
  { command: { type: "once", session: 1, sequence: 1, command: { type: "put", key: "k", value: 2 } } } as const,
].map((question, id) => encodeFrame({ id, ...encodeQuestion(question) }));

test("60,000 frames to the client port of a leader: it goes on, and answers afterwards", async () => {
  const { node, disk, stopped, passTime } = await nodeOnFakeDisk([]);
  passTime(5000);
  await expect.poll(() => node.state.role).toBe("leader");
  const refused: string[] = [];
  const server = createClientPort({
    ...{ greeting: { node: "n1", readMode: "read-index" }, secret },
    submit: node.driver.submit.bind(node.driver),
    onRefused: (reason) => refused.push(reason),
  });
  const beforeBytes = process.memoryUsage().rss;
  await fuzz(50_000, 3, fromClients, () => greetedBy(server, "client", "client"));
  await fuzz(10_000, 4, fromClients, () => connectTo(server));
  expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(maxGrowthBytes);
  expect(stopped).toEqual([]);
  expect(refused.length).toBeGreaterThan(10_000);
  expect(disk.paths().filter((path) => !path.startsWith(`${dataDir}/`))).toEqual([]);

  const answered = new Promise((resolve) => node.driver.submit(encodeQuestion({ read: "n" }), resolve));
  expect(await answered).toMatchObject({ type: "ok", value: expect.any(Number) });
  await node.close();
}, 120_000);
