import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { encodeFrame } from "../protocol/frames.ts";
import { DialerHandshake } from "../protocol/handshake.ts";
import { createPeerServer } from "./peer-server.ts";
import { testSecret } from "./test-cluster.ts";

/** The server's end of a connection to a peer that reads no byte after its greeting. */
class DeafPeer extends Duplex {
  readonly #heard: Buffer[] = [];
  #deaf = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#heard.push(chunk);
    if (!this.#deaf) done();
  }

  setTimeout(): this {
    return this;
  }

  greet(): void {
    const next = new DialerHandshake("peer", { from: "n2", to: "n1" }, testSecret).push(Buffer.concat(this.#heard));
    if (next === null || !("reply" in next)) throw new Error("the server sent no challenge");
    this.emit("data", next.reply);
    this.#deaf = true;
  }
}

test("a peer that sends and reads no confirmation loses its connection, and the node says so", () => {
  const refused: string[] = [];
  const server = createPeerServer({
    ...{ id: "n1", secret: testSecret, peers: new Set(["n2"]), maxFrameBytes: 1024, accepts: () => true },
    onMessage: () => undefined,
    onRefused: (reason) => refused.push(reason),
  });
  const peer = new DeafPeer();
  server.emit("connection", peer);
  peer.greet();
  const pings = Buffer.concat(Array.from({ length: 20_000 }, () => encodeFrame(null)));
  for (let sent = 0; sent < 200 && !peer.destroyed; sent++) peer.emit("data", pings);
  expect(refused).toEqual([expect.stringMatching(/^n2 sent frames, and left 1\d{6} confirmations of them unread$/)]);
  expect(peer.destroyed).toBe(true);
});
