import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Message } from "../core/messages.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { received } from "./confirmations.ts";
import { PeerLink } from "./peer-link.ts";
import { createPeerServer } from "./peer-server.ts";
import type { SnapshotMessage } from "./snapshots/messages.ts";

const stallMs = 500;
const servers: Server[] = [];
const sockets: Socket[] = [];
const links: PeerLink[] = [];
const changes: boolean[] = [];
let now = 0;
let accepts = true;
let turnedAway = 0;
afterEach(() => {
  now = 0;
  accepts = true;
  turnedAway = 0;
  for (const link of links.splice(0)) link.close();
  changes.length = 0;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
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
  const port = await listen(
    createServer((socket) => {
      accepted.push(socket);
      sockets.push(socket);
      socket.on("error", () => undefined);
    }),
  );
  return { port, accepted };
}

function linkTo(port: number): PeerLink {
  const endpoint = { host: "127.0.0.1", port };
  const onChange = (up: boolean) => changes.push(up);
  const [nowMs, random] = [() => now, () => 0];
  const link = new PeerLink({ from: "n1", to: "n2", endpoint, stallMs, pingMs: 100, nowMs, random, onChange });
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
  const messages: [string, Message | SnapshotMessage][] = [];
  const refused: string[] = [];
  const server = createPeerServer({
    id: "n2",
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
  await until(() => frames.length === 1);
  expect(frames).toEqual([{ from: "n1", to: "n2" }]);
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

test("pieces of a frame are confirmed, and then the frame", async () => {
  const { port } = await peerServer();
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  const answers: number[] = [];
  socket.on("data", (bytes: Buffer) => answers.push(...bytes));
  socket.write(encodeFrame({ from: "n1", to: "n2" }));
  await until(() => answers.length === 1);
  const frame = encodeFrame(vote);
  socket.write(frame.subarray(0, 10));
  await until(() => answers.length === 2);
  socket.write(frame.subarray(10));
  await until(() => answers.length === 3);
  expect(answers).toEqual([received.frame, received.part, received.frame]);
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

test("strangers and garbage are refused, and said to be", async () => {
  const { refused, port } = await peerServer();
  for (const bytes of [encodeFrame({ from: "n9", to: "n2" }), encodeFrame({ from: "n1", to: "n7" }), encodeFrame(1)]) {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(bytes);
    await once(socket, "close");
  }
  expect(refused).toEqual(["n9 meant to reach n2", "n1 meant to reach n7", "the first frame is not a peer's greeting"]);
});
