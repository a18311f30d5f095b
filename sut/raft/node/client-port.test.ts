import { once } from "node:events";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import { encodeQuestion } from "../protocol/command-codec.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { greet } from "../protocol/greet.ts";
import { createClientPort } from "./client-port.ts";
import { testSecret } from "./test-cluster.ts";

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

/** A port whose node answers every request with the value. */
async function portThatAnswers(value: string) {
  const refused: string[] = [];
  const onRefused = (reason: string) => void refused.push(reason);
  const greeting = { node: "n1", readMode: "read-index" } as const;
  const submit = (_: unknown, answer: (answer: { type: "ok"; value: string }) => void) => answer({ type: "ok", value });
  server = createClientPort({ greeting, secret: testSecret, submit, onRefused });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { port: (server.address() as AddressInfo).port, refused };
}

async function clientOf(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  await greet(socket, "client", { from: "client", to: "n1" }, testSecret);
  return socket;
}

const read = (id: number) => encodeFrame({ id, ...encodeQuestion({ read: "k" }) });

test("a client that asks without end and reads no answer loses its connection, and the others are served", async () => {
  const { port, refused } = await portThatAnswers("x".repeat(1024 * 1024));
  const deaf = (await clientOf(port)).pause();
  let id = 0;
  const ask = () => {
    while (deaf.writable && deaf.write(read(++id)));
  };
  deaf.on("drain", ask);
  ask();
  await expect
    .poll(() => refused, { timeout: patienceMs })
    .toEqual(["a client: more than 64 MiB of answers wait to be read"]);
  const other = await clientOf(port);
  const decoder = new FrameDecoder(2 * 1024 * 1024);
  const ids: unknown[] = [];
  other.write(read(7));
  for await (const chunk of other) {
    ids.push(...decoder.push(chunk as Buffer).map(({ value }) => (value as { id?: number }).id));
    if (ids.includes(7)) break;
  }
  expect(ids).toContain(7);
  expect(refused).toHaveLength(1);
});
