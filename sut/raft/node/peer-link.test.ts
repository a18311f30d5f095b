import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Message } from "../core/messages.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { greet } from "../protocol/greet.ts";
import { Admission, maxStrangers } from "./admission.ts";
import { received } from "./confirmations.ts";
import { PeerLink } from "./peer-link.ts";
import type { PeerMessage } from "./peer-messages.ts";
import { createPeerServer } from "./peer-server.ts";

const stallMs = 500;
const servers: Server[] = [];
const sockets: Socket[] = [];
const links: PeerLink[] = [];
const changes: boolean[] = [];
const refusals: string[] = [];
const secret = "0123456789abcdef0123456789abcdef";
let now = 0;
let accepts = true;
let turnedAway = 0;
afterEach(() => {
  now = 0;
  accepts = true;
  turnedAway = 0;
  for (const link of links.splice(0)) link.close();
  changes.length = 0;
  refusals.length = 0;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

const append = { type: "append-entries", term: 1, prev: { index: 0, term: 0 }, entries: [], leaderCommit: 0, round: 1 };
const members = { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };
const snapshot = { index: 5, term: 1, membership: members };
const offer = { type: "snapshot-offer", term: 1, snapshot, digest: "0".repeat(64), bytes: 10 };
const command = (text: string) => ({
  index: 1,
  term: 1,
  kind: "command",
  command: Buffer.from(text),
  bytes: text.length,
});
const vote: Message = { type: "request-vote", term: 1, lastLog: { index: 0, term: 0 }, transfer: false };

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

/** A server that takes connections and does with them what the test wants. */
async function silentServer(): Promise<{ port: number; accepted: Socket[] }> {
  const accepted: Socket[] = [];
  const admission = new Admission({ port: "peer", id: "n2", secret, admits: () => true, onRefused: () => undefined });
  const port = await listen(
    createServer((socket) => {
      accepted.push(socket);
      sockets.push(socket);
      socket.on("error", () => undefined);
      admission.greet(socket, () => undefined);
    }),
  );
  return { port, accepted };
}

function linkTo(port: number, linkSecret = secret): PeerLink {
  const endpoint = { host: "127.0.0.1", port };
  const onChange = (up: boolean) => changes.push(up);
  const [nowMs, random] = [() => now, () => 0];
  const onRefused = (reason: string) => refusals.push(reason);
  const options = { from: "n1", to: "n2", secret: linkSecret, endpoint, stallMs, pingMs: 100, nowMs, random };
  const link = new PeerLink({ ...options, onChange, onRefused });
  links.push(link);
  return link;
}

function tickAt(ms: number, link: PeerLink): void {
  now = ms;
  link.tick();
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(holds()).toBe(true);
}

async function peerServer() {
  const messages: [string, PeerMessage][] = [];
  const refused: string[] = [];
  const server = createPeerServer({
    id: "n2",
    secret,
    maxFrameBytes: 1 << 20,
    peers: new Set(["n1"]),
    accepts: () => {
      if (!accepts) turnedAway++;
      return accepts;
    },
    onMessage: (from, message) => messages.push([from, message]),
    onRefused: (reason) => refused.push(reason),
  });
  return { messages, refused, port: await listen(server) };
}

test("messages arrive with their sender's name", async () => {
  const { messages, port } = await peerServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected);
  link.send(encodeFrame(vote));
  await until(() => messages.length === 1);
  expect(messages).toEqual([["n1", vote]]);
});

test("a link that is acknowledged stays, however long it lives", async () => {
  const { messages, port } = await peerServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected);
  for (now = 100; now <= 3000; now += 100) {
    link.send(encodeFrame(vote));
    await until(() => messages.length === now / 100);
    await until(() => link.unacknowledged === 0);
    link.tick();
    expect(link.connected).toBe(true);
  }
});

test("a link that goes silent is given up after the stall time, and dialled again", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected);
  link.send(encodeFrame(vote));
  tickAt(stallMs, link);
  expect(link.connected).toBe(true);
  tickAt(stallMs + 1, link);
  expect(link.connected).toBe(false);
  tickAt(stallMs + 1000, link);
  await until(() => accepted.length === 2);
});

test("a peer that confirms pieces of a large frame keeps its link, and one that stops does not", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected && accepted.length === 1);
  link.send(encodeFrame(vote));
  for (let piece = 1; piece <= 10; piece++) {
    accepted[0]?.write(Buffer.of(received.part));
    await until(() => link.waitingSinceMs === now);
    tickAt(piece * stallMs, link);
    expect(link.connected).toBe(true);
  }
  expect(link.unacknowledged).toBeGreaterThan(0);
  tickAt(now + 1, link);
  expect(link.connected).toBe(false);
});

test("what is sent after a pause, before the first tick, is waited for from then on", async () => {
  const { port } = await peerServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected && link.unacknowledged === 0);
  now = 60_000;
  link.send(encodeFrame(vote));
  link.tick();
  expect(link.connected).toBe(true);
});

test("says when the peer begins to answer, and when it stops", async () => {
  const { port } = await peerServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => changes.length === 1);
  for (const server of servers.splice(0)) server.close();
  for (const ms of [10, 20]) tickAt(ms, link);
  expect(changes).toEqual([true]);
  link.send(encodeFrame(vote));
  tickAt(stallMs * 2, link);
  expect(changes).toEqual([true, false]);
});

test("while the link is down messages are dropped, not kept", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port);
  link.send(encodeFrame(vote));
  expect(link.dropped).toBe(1);
  tickAt(0, link);
  await until(() => accepted.length === 1 && link.connected);
  const decoder = new FrameDecoder(1 << 20);
  const frames: unknown[] = [];
  accepted[0]?.on("data", (chunk: Buffer) => frames.push(...decoder.push(chunk).map(({ value }) => value)));
  link.send(encodeFrame(null));
  await until(() => frames.length === 1);
  expect(frames).toEqual([null]);
});

test("a link that nobody reads holds a bounded amount", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected && accepted.length === 1);
  accepted[0]?.pause();
  const frame = encodeFrame("x".repeat(200_000));
  for (let i = 0; i < 500; i++) {
    link.send(frame);
    if (i % 10 === 0) await new Promise(setImmediate);
  }
  expect(link.dropped).toBeGreaterThan(300);
});

test("a node that is still recovering takes no connection, and is dialled again", async () => {
  const { messages, port } = await peerServer();
  accepts = false;
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => turnedAway === 1);
  expect(changes).toEqual([]);
  accepts = true;
  await until(() => {
    tickAt(now + 10, link);
    return changes.length === 1;
  });
  link.send(encodeFrame(vote));
  await until(() => messages.length === 1);
});

/** A connection that has greeted the server as n1. */
async function greeted(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  await greet(socket, "peer", { from: "n1", to: "n2" }, secret);
  return socket;
}

test("pieces of a frame are confirmed, and then the frame", async () => {
  const { port } = await peerServer();
  const socket = await greeted(port);
  const answers: number[] = [];
  socket.on("data", (bytes: Buffer) => answers.push(...bytes));
  const frame = encodeFrame(vote);
  socket.write(frame.subarray(0, 10));
  await until(() => answers.length === 1);
  socket.write(frame.subarray(10));
  await until(() => answers.length === 2);
  expect(answers).toEqual([received.part, received.frame]);
});

test("a peer's newer connection replaces its older one", async () => {
  const { messages, port } = await peerServer();
  const [older, newer] = [linkTo(port), linkTo(port)];
  tickAt(0, older);
  await until(() => older.unacknowledged === 0 && older.connected);
  tickAt(0, newer);
  await until(() => !older.connected);
  newer.send(encodeFrame(vote));
  await until(() => messages.length === 1);
});

test("whoever does not know the secret, or means another node, is refused, and said to be", async () => {
  const { refused, port } = await peerServer();
  const strangers = [
    [{ from: "n1", to: "n2" }, "f".repeat(32)],
    [{ from: "n9", to: "n2" }, secret],
    [{ from: "n1", to: "n7" }, secret],
  ] as const;
  for (const [ends, known] of strangers) {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => undefined);
    await expect(greet(socket, "peer", ends, known)).rejects.toThrow("closed before the greeting was over");
  }
  expect(refused).toEqual([
    '"n1" does not know this cluster\'s secret',
    '"n9" meant to reach "n2"',
    '"n1" meant to reach "n7"',
  ]);
});

test("a greeting that was heard before is refused: its proof answers another nonce", async () => {
  const { refused, port } = await peerServer();
  const heard: Buffer[] = [];
  const first = connect(port, "127.0.0.1");
  sockets.push(first);
  const write = first.write.bind(first);
  first.write = ((bytes: Buffer) => {
    heard.push(bytes);
    return write(bytes);
  }) as typeof first.write;
  await greet(first, "peer", { from: "n1", to: "n2" }, secret);
  const replay = connect(port, "127.0.0.1");
  sockets.push(replay);
  replay.on("error", () => undefined);
  replay.resume();
  replay.write(Buffer.concat(heard));
  await once(replay, "close");
  expect(refused).toEqual(['"n1" does not know this cluster\'s secret']);
});

test("a link gives up whoever listens there without the secret, and sends nothing", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port, "f".repeat(32));
  tickAt(0, link);
  await until(() => accepted.length === 1 && accepted[0]!.destroyed);
  expect(link.connected).toBe(false);
});

test("before its greeting a connection may send a few hundred bytes, and no frame is read", async () => {
  const { refused, messages, port } = await peerServer();
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.resume();
  socket.write(Buffer.concat([encodeFrame({ from: "n1", to: "n2" }), encodeFrame({})]));
  await once(socket, "close");
  expect(refused).toEqual(["what came is no greeting"]);
  expect(messages).toEqual([]);
});

test("of many connections without a greeting the oldest go, and a peer still gets in", async () => {
  const { refused, port } = await peerServer();
  const crowd = Array.from({ length: maxStrangers + 20 }, () => connect(port, "127.0.0.1"));
  sockets.push(...crowd);
  for (const socket of crowd) socket.on("error", () => undefined);
  await until(() => refused.length === 20);
  const link = linkTo(port);
  tickAt(0, link);
  await until(() => link.connected);
});

test.each<[what: string, message: unknown, reason: RegExp]>([
  ["an empty object", {}, /^n1 sent there is no message missing$/],
  [
    "a message that nodes do not send each other",
    { type: "install-snapshot", term: 1 },
    /no message "install-snapshot"/,
  ],
  ["a field too many", { ...vote, extra: 1 }, /^n1 sent request-vote: extra is 1$/],
  ["a term that is none", { ...vote, term: -1 }, /request-vote: term is -1$/],
  ["entries that are none", { ...append, entries: [{}] }, /append-entries: entries is/],
  [
    "entries with a gap",
    { ...append, entries: [{ index: 3, term: 1, kind: "noop", bytes: 0 }] },
    /do not follow each other/,
  ],
  ["a command that nobody can carry out", { ...append, entries: [command("{")] }, /append-entries: entries is/],
  [
    "a snapshot whose index is a path",
    { ...offer, snapshot: { ...offer.snapshot, index: "../../x" } },
    /snapshot-offer: snapshot is/,
  ],
])("%s costs the peer its connection, and nothing else", async (_, message, reason) => {
  const { refused, messages, port } = await peerServer();
  const socket = await greeted(port);
  const closed = once(socket, "close");
  socket.resume();
  socket.write(encodeFrame(message));
  await closed;
  expect(refused).toEqual([expect.stringMatching(reason)]);
  expect(messages).toEqual([]);
  const again = await greeted(port);
  again.write(encodeFrame(vote));
  await until(() => messages.length === 1);
});

test("a frame that says it is larger than any message is refused before it comes", async () => {
  const { refused, port } = await peerServer();
  const socket = await greeted(port);
  const closed = once(socket, "close");
  socket.resume();
  socket.write(Buffer.of(0x20, 0, 0, 0));
  await closed;
  expect(refused).toEqual([`n1 sent a frame of ${0x20000000} bytes; at most ${1 << 20} are allowed`]);
});
