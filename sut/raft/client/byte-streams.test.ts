import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { wallClock } from "../../../time/clock.ts";
import { createClientPort } from "../node/client-port.ts";
import { testSecret as secret } from "../node/test-cluster.ts";
import type { RaftNode } from "../ports.ts";
import { type End, type Fate, openStream } from "../protocol/test-support/byte-stream.ts";
import { overSockets } from "./client-connection.ts";
import type { Attempt } from "./connection.ts";

const keys = ["a", "b", "c"];
const address = { host: "", port: 0 };
const node = { id: "n1", secret, addresses: { reach: { client: address } } } as unknown as RaftNode;

/** Three reads at once over the first connection, whose directions have these fates, and one more behind them. */
async function readsOver(toServer: readonly Fate[], toClient: readonly Fate[]) {
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
    const [client, server] = first ? openStream(toServer, toClient) : openStream([], []);
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
  const { bytes } = await readsOver([], []);
  expect(Math.min(bytes.toServer, bytes.toClient)).toBeGreaterThan(100);
  for (let afterBytes = 1; afterBytes < Math.max(bytes.toServer, bytes.toClient); afterBytes++) {
    const fate = { what: "split", afterBytes } as const;
    const { attempts, again } = await readsOver([fate], [fate]);
    expect(attempts, `split after ${afterBytes} bytes`).toEqual(keys.map(answered));
    expect(again).toEqual(answered("d"));
  }
});

test.each(["toServer", "toClient"] as const)(
  "at whatever byte %s the stream is reset, a client says no more of a request than it knows, and connects again",
  async (direction) => {
    const { bytes } = await readsOver([], []);
    for (let afterBytes = 1; afterBytes < bytes[direction]; afterBytes++) {
      const fate = { what: "reset", afterBytes } as const;
      const { attempts, again, heard } = await readsOver(
        direction === "toServer" ? [fate] : [],
        direction === "toClient" ? [fate] : [],
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
