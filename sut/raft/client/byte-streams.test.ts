import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { wallClock } from "../../../time/clock.ts";
import { createClientPort } from "../node/client-port.ts";
import { testSecret as secret } from "../node/test-cluster.ts";
import type { RaftNode } from "../ports.ts";
import { overSockets } from "./client-connection.ts";
import type { Attempt } from "./connection.ts";

/** What happens in one direction of a stream, after so many bytes of it. */
interface Fate {
  readonly what: "split" | "reset";
  readonly afterBytes: number;
}

/** One end of a byte stream in memory. What is written arrives in a later turn; a reset takes both ends. */
class End extends Duplex {
  other: End | null = null;
  sentBytes = 0;
  readonly #fate: Fate | null;

  constructor(fate: Fate | null) {
    super();
    this.#fate = fate;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const at = this.#fate === null ? -1 : this.#fate.afterBytes - this.sentBytes;
    this.sentBytes += chunk.length;
    const isMet = at >= 0 && at < chunk.length;
    this.#deliver(isMet ? chunk.subarray(0, at) : chunk);
    if (isMet && this.#fate?.what === "split") this.#deliver(chunk.subarray(at));
    if (isMet && this.#fate?.what === "reset") setImmediate(() => this.destroy());
    done();
  }

  override _destroy(cause: Error | null, done: (cause: Error | null) => void): void {
    const { other } = this;
    this.other = null;
    setImmediate(() => other?.destroy());
    done(cause);
  }

  setTimeout(): this {
    return this;
  }

  #deliver(bytes: Buffer): void {
    const { other } = this;
    setImmediate(() => {
      if (bytes.length > 0 && other?.destroyed === false) other.push(bytes);
    });
  }
}

const keys = ["a", "b", "c"];
const address = { host: "", port: 0 };
const node = { id: "n1", secret, addresses: { reach: { client: address } } } as unknown as RaftNode;

/** Three reads at once over the first connection, whose directions have these fates, and one more behind them. */
async function readsOver(toServer: Fate | null, toClient: Fate | null) {
  const heard: string[] = [];
  const port = createClientPort({
    greeting: { node: "n1", readMode: "read-index" },
    secret,
    submit: (request, answer) => {
      const key = "read" in request ? request.read : "";
      heard.push(key);
      answer({ type: "ok", value: key });
    },
    onRefused: () => undefined,
  });
  const dialled: { readonly client: End; readonly server: End }[] = [];
  const dial = () => {
    const first = dialled.length === 0;
    const [client, server] = [new End(first ? toServer : null), new End(first ? toClient : null)];
    client.other = server;
    server.other = client;
    dialled.push({ client, server });
    port.emit("connection", server);
    return client as unknown as Socket;
  };
  const connection = overSockets(wallClock(), dial)(node);
  const ask = (key: string) => connection.ask({ read: key }, 60_000);
  const attempts = await Promise.all(keys.map(ask));
  const heardByThen = [...heard];
  // One that is sent before the reset is seen is lost; the next finds another stream.
  const next = await ask("d");
  const again = next.type === "connection-lost" ? await ask("d") : next;
  connection.close();
  const { client, server } = dialled[0]!;
  return { attempts, again, heard: heardByThen, bytes: { toServer: client.sentBytes, toClient: server.sentBytes } };
}

const answered = (key: string): Attempt => ({ type: "answered", answer: { type: "ok", value: key } });

test("a client gets the answers to its own requests, at whatever byte the stream is split", async () => {
  const { bytes } = await readsOver(null, null);
  expect(Math.min(bytes.toServer, bytes.toClient)).toBeGreaterThan(100);
  for (let afterBytes = 1; afterBytes < Math.max(bytes.toServer, bytes.toClient); afterBytes++) {
    const fate = { what: "split", afterBytes } as const;
    const { attempts, again } = await readsOver(fate, fate);
    expect(attempts, `split after ${afterBytes} bytes`).toEqual(keys.map(answered));
    expect(again).toEqual(answered("d"));
  }
});

test.each(["toServer", "toClient"] as const)(
  "at whatever byte %s the stream is reset, a client says no more of a request than it knows, and connects again",
  async (direction) => {
    const { bytes } = await readsOver(null, null);
    for (let afterBytes = 1; afterBytes < bytes[direction]; afterBytes++) {
      const fate = { what: "reset", afterBytes } as const;
      const { attempts, again, heard } = await readsOver(
        direction === "toServer" ? fate : null,
        direction === "toClient" ? fate : null,
      );
      for (const [place, attempt] of attempts.entries()) {
        const key = keys[place]!;
        const where = `${key}, reset after ${afterBytes} bytes`;
        if (attempt.type === "answered") expect(attempt, where).toEqual(answered(key));
        else expect(["connection-lost", "not-sent"], where).toContain(attempt.type);
        if (attempt.type === "not-sent") expect(heard, where).not.toContain(key);
      }
      expect(again, `reset after ${afterBytes} bytes`).toEqual(answered("d"));
    }
  },
);
