import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Message } from "../core/messages.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { PeerLink } from "./peer-link.ts";
import { createPeerServer } from "./peer-server.ts";

const stallMs = 500;
const servers: Server[] = [];
const sockets: Socket[] = [];
const links: PeerLink[] = [];
const changes: boolean[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.close();
  changes.length = 0;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

const vote: Message = { type: "request-vote", term: 1, lastLog: { index: 0, term: 0 } };

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
  const link = new PeerLink({ from: "n1", to: "n2", endpoint, stallMs, pingMs: 100, random: () => 0, onChange });
  links.push(link);
  return link;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(holds()).toBe(true);
}

async function peerServer() {
  const received: [string, Message][] = [];
  const refused: string[] = [];
  const server = createPeerServer({
    id: "n2",
    peers: new Set(["n1"]),
    onMessage: (from, message) => received.push([from, message]),
    onRefused: (reason) => refused.push(reason),
  });
  return { received, refused, port: await listen(server) };
}

test("messages arrive with their sender's name", async () => {
  const { received, port } = await peerServer();
  const link = linkTo(port);
  link.tick(0);
  await until(() => link.connected);
  link.send(encodeFrame(vote));
  await until(() => received.length === 1);
  expect(received).toEqual([["n1", vote]]);
});

test("a link that is acknowledged stays, however long it lives", async () => {
  const { received, port } = await peerServer();
  const link = linkTo(port);
  link.tick(0);
  await until(() => link.connected);
  for (let now = 100; now <= 3000; now += 100) {
    link.send(encodeFrame(vote));
    await until(() => received.length === now / 100);
    await until(() => link.unacknowledged === 0);
    link.tick(now);
    expect(link.connected).toBe(true);
  }
});

test("a link that goes silent is given up after the stall time, and dialled again", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port);
  link.tick(0);
  await until(() => link.connected);
  link.send(encodeFrame(vote));
  link.tick(stallMs);
  expect(link.connected).toBe(true);
  link.tick(stallMs + 1);
  expect(link.connected).toBe(false);
  link.tick(stallMs + 1000);
  await until(() => accepted.length === 2);
});

test("says when the peer begins to answer, and when it stops", async () => {
  const { port } = await peerServer();
  const link = linkTo(port);
  link.tick(0);
  await until(() => changes.length === 1);
  for (const server of servers.splice(0)) server.close();
  for (const now of [10, 20]) link.tick(now);
  expect(changes).toEqual([true]);
  link.send(encodeFrame(vote));
  link.tick(stallMs * 2);
  expect(changes).toEqual([true, false]);
});

test("while the link is down messages are dropped, not kept", async () => {
  const { port, accepted } = await silentServer();
  const link = linkTo(port);
  link.send(encodeFrame(vote));
  expect(link.dropped).toBe(1);
  link.tick(0);
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
  link.tick(0);
  await until(() => link.connected && accepted.length === 1);
  accepted[0]?.pause();
  const frame = encodeFrame("x".repeat(100_000));
  for (let i = 0; i < 500; i++) {
    link.send(frame);
    if (i % 10 === 0) await new Promise(setImmediate);
  }
  expect(link.dropped).toBeGreaterThan(300);
});

test("a peer's newer connection replaces its older one", async () => {
  const { received, port } = await peerServer();
  const [older, newer] = [linkTo(port), linkTo(port)];
  older.tick(0);
  await until(() => older.unacknowledged === 0 && older.connected);
  newer.tick(0);
  await until(() => !older.connected);
  newer.send(encodeFrame(vote));
  await until(() => received.length === 1);
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
