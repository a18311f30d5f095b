import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { wallClock } from "../../../time/clock.ts";
import { Admission } from "../node/admission.ts";
import { testSecret as secret } from "../node/test-cluster.ts";
import type { RaftNode } from "../ports.ts";
import { type ClientAnswer, type ClientRequest, encodeReply } from "../protocol/client-messages.ts";
import { decodeCommand } from "../protocol/command-codec.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { RaftClient } from "./client.ts";
import { overSockets } from "./client-connection.ts";

/** Nodes that answer by script: what a client concludes must not depend on a cluster's mood. */
type Script = (request: ClientRequest, socket: Socket) => ClientAnswer | undefined;

const clock = wallClock();
const real = { clock, connect: overSockets(clock) };
const servers: Server[] = [];
const clients: RaftClient[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  sockets.clear();
});

const ok = (request: ClientRequest): ClientAnswer => ({ type: "ok", value: "read" in request ? 7 : 1 });
const leaderIs =
  (leader: string | null): Script =>
  () => ({ type: "not-leader", leader });

async function clientOf(scripts: Record<string, Script | null>, pinnedTo?: string, readMode = "read-index") {
  const nodes = await Promise.all(Object.entries(scripts).map(([id, script]) => serve(id, script, readMode)));
  const client = new RaftClient(nodes, { ...real, sessions: false, ...(pinnedTo === undefined ? {} : { pinnedTo }) });
  clients.push(client);
  return client;
}

/** A node on loopback; without a script, a port on which nothing listens. */
async function serve(id: string, script: Script | null, readMode: string): Promise<RaftNode> {
  const admission = new Admission({ port: "client", id, secret, admits: () => true, onRefused: () => undefined });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const decoder = new FrameDecoder(1 << 20);
    admission.greet(socket, () => {
      socket.write(encodeFrame({ node: id, readMode }));
      socket.on("data", (chunk: Buffer) => {
        for (const { value } of decoder.push(chunk)) {
          const request = value as ClientRequest;
          const answer = script?.(request, socket);
          if (answer !== undefined) socket.write(encodeReply(request.id, answer));
        }
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = { host: "127.0.0.1", port: (server.address() as { port: number }).port };
  if (script === null) await new Promise((resolve) => server.close(resolve));
  else servers.push(server);
  const listen = { peer: endpoint, client: endpoint, http: endpoint };
  return { id, secret, dataDir: "/nowhere", addresses: { listen, peers: {}, reach: listen } };
}

const write = { f: "write", key: "k", value: 1 };
const read = { f: "read", key: "k" };

test("a following client goes where the hint points, and stays there", async () => {
  const asked: string[] = [];
  const client = await clientOf({
    n1: (request, socket) => {
      asked.push("n1");
      return leaderIs("n2")(request, socket);
    },
    n2: (request) => {
      asked.push("n2");
      return ok(request);
    },
  });
  expect(await client.invoke(write, 5000)).toEqual({ type: "ok", value: 1, node: "n2" });
  await client.invoke(write, 5000);
  expect(asked).toEqual(["n1", "n2", "n2"]);
});

test("a pinned client asks its own node first, at every operation", async () => {
  const asked: string[] = [];
  const client = await clientOf(
    {
      n1: (request, socket) => {
        asked.push("n1");
        return leaderIs("n2")(request, socket);
      },
      n2: (request) => {
        asked.push("n2");
        return ok(request);
      },
    },
    "n1",
  );
  await client.invoke(write, 5000);
  await client.invoke(write, 5000);
  expect(asked).toEqual(["n1", "n2", "n1", "n2"]);
});

test.each([
  { own: "knows no leader, as one that was removed", script: leaderIs(null) },
  { own: "is down", script: null },
])("a pinned client whose node $own is answered by another", async ({ script }) => {
  const client = await clientOf({ n1: script, n2: ok }, "n1");
  expect(await client.invoke(write, 1000)).toMatchObject({ type: "ok", node: "n2" });
});

test("a pinned client is patient with its own node, not with the one it was sent on to", async () => {
  const nodes = await Promise.all([serve("n1", leaderIs("n2"), "log"), serve("n2", silent, "log")]);
  const client = new RaftClient(nodes, { ...real, pinnedTo: "n1", patienceMs: 100, sessions: false });
  clients.push(client);
  expect(await client.invoke(write, 20_000)).toMatchObject({ type: "info", error: "timeout", node: "n2" });
});

test("local reads go to every node in turn", async () => {
  const nodes = { n1: ok, n2: ok, n3: ok };
  const client = await clientOf(nodes, undefined, "local");
  const asked = [];
  for (let i = 0; i < 4; i++) asked.push((await client.invoke(read, 5000)).node);
  expect(new Set(asked.slice(1))).toEqual(new Set(["n1", "n2", "n3"]));
});

test("nobody leads until the time is up: fail, for it was certainly not accepted", async () => {
  const client = await clientOf({ n1: leaderIs(null), n2: leaderIs("n1") });
  expect(await client.invoke(write, 300)).toMatchObject({ type: "fail", error: "not-leader", value: 1 });
});

test("nobody can be reached: fail, for it was never sent", async () => {
  const client = await clientOf({ n1: null, n2: null });
  expect(await client.invoke(write, 300)).toMatchObject({ type: "fail", error: "not-sent" });
});

test("a write whose connection breaks is unknown, and is not sent again", async () => {
  let writes = 0;
  const client = await clientOf({
    n1: (_request, socket) => {
      writes++;
      socket.destroy();
      return undefined;
    },
  });
  expect(await client.invoke(write, 2000)).toMatchObject({ type: "info", error: "connection-lost", node: "n1" });
  expect(writes).toBe(1);
});

test("a read whose connection breaks is asked again", async () => {
  let reads = 0;
  const client = await clientOf({
    n1: (request, socket) => {
      if (reads++ > 0) return ok(request);
      socket.destroy();
      return undefined;
    },
  });
  expect(await client.invoke(read, 5000)).toEqual({ type: "ok", value: 7, node: "n1" });
});

test("outcome-unknown: info for a write, another try for a read", async () => {
  let reads = 0;
  const client = await clientOf({
    n1: (request) => ("read" in request && reads++ > 0 ? ok(request) : { type: "outcome-unknown" }),
  });
  expect(await client.invoke(write, 2000)).toMatchObject({ type: "info", error: "outcome-unknown" });
  expect(await client.invoke(read, 5000)).toMatchObject({ type: "ok" });
});

test("an answer that comes too late is nobody's", async () => {
  const waiting: (() => void)[] = [];
  const client = await clientOf({
    n1: (request, socket) => {
      if ("read" in request) return ok(request);
      waiting.push(() => socket.write(encodeReply(request.id, ok(request))));
      return undefined;
    },
  });
  expect(await client.invoke(write, 100)).toMatchObject({ type: "info", error: "timeout" });
  for (const answerLate of waiting) answerLate();
  expect(await client.invoke(read, 5000)).toMatchObject({ type: "ok", value: 7 });
});

test("a refused compare is certain", async () => {
  const client = await clientOf({ n1: () => ({ type: "cas-mismatch" }) });
  const cas = { f: "cas", key: "k", value: [1, 2] };
  expect(await client.invoke(cas, 2000)).toEqual({ type: "fail", error: "cas-mismatch", node: "n1", value: [1, 2] });
});

test("a value of the wrong type is certain", async () => {
  const client = await clientOf({ n1: () => ({ type: "wrong-type" }) });
  const incr = { f: "incr", key: "k", value: 1 };
  expect(await client.invoke(incr, 2000)).toEqual({ type: "fail", error: "wrong-type", node: "n1", value: 1 });
});

test("each operation of a history is asked as the state machine's command", async () => {
  const asked: unknown[] = [];
  const client = await clientOf({
    n1: (request) => {
      asked.push("command" in request ? decodeCommand(request.command) : request);
      return { type: "ok", value: null };
    },
  });
  const txn = [
    ["r", "a", [9]],
    ["append", "a", 1],
  ];
  await client.invoke({ f: "cas", key: "k", value: [1, 2] }, 5000);
  await client.invoke({ f: "delete", key: "k", value: null }, 5000);
  await client.invoke({ f: "append", key: "k", value: "e" }, 5000);
  await client.invoke({ f: "incr", key: "k", value: 3 }, 5000);
  await client.invoke({ f: "txn", value: txn }, 5000);
  expect(asked).toEqual([
    { type: "cas", key: "k", expected: 1, value: 2 },
    { type: "delete", key: "k" },
    { type: "append", key: "k", element: "e" },
    { type: "incr", key: "k", by: 3 },
    {
      type: "txn",
      steps: [
        ["r", "a", null],
        ["append", "a", 1],
      ],
    },
  ]);
  await expect(client.invoke({ f: "swap", key: "k" }, 5000)).rejects.toThrow("the store has no operation swap");
});

test("a transaction that only reads is asked again; one that changes something is not", async () => {
  let asked = 0;
  const client = await clientOf({
    n1: () => (asked++ === 0 ? { type: "outcome-unknown" } : { type: "ok", value: [] }),
  });
  expect(await client.invoke({ f: "txn", value: [["r", "a", null]] }, 5000)).toMatchObject({ type: "ok" });
  asked = 0;
  expect(await client.invoke({ f: "txn", value: [["w", "a", 1]] }, 5000)).toMatchObject({ type: "info" });
});

/** A client that writes in sessions, and what each node was asked, as `node:session/number`. */
async function sessionClient(
  scripts: Record<string, Script>,
  options: { pinnedTo?: string; patienceMs?: number } = {},
): Promise<{ client: RaftClient; asked: string[] }> {
  const asked: string[] = [];
  let sessions = 0;
  const withSessions = ([id, script]: [string, Script]) =>
    serve(
      id,
      (request, socket) => {
        const command = "command" in request ? decodeCommand(request.command) : null;
        if (command?.type === "open-session") return { type: "ok", value: ++sessions };
        if (command?.type === "once") asked.push(`${id}:${command.session}/${command.sequence}`);
        return script(request, socket);
      },
      "read-index",
    );
  const client = new RaftClient(await Promise.all(Object.entries(scripts).map(withSessions)), {
    ...real,
    sessions: true,
    ...options,
  });
  clients.push(client);
  return { client, asked };
}

const unknown: Script = () => ({ type: "outcome-unknown" });
const loses: Script = (_request, socket) => {
  socket.destroy();
  return undefined;
};
const silent: Script = () => undefined;
const forgets: Script = () => ({ type: "session-expired" });

/** Each script in turn, then the last one for good. */
function inTurn(...scripts: Script[]): Script {
  return (request, socket) => (scripts.length > 1 ? scripts.shift()! : scripts[0]!)(request, socket);
}

test.each([
  ["whose outcome is unknown", unknown],
  ["whose connection breaks", loses],
])("a write %s is sent again under its number", async (_case, script) => {
  const { client, asked } = await sessionClient({ n1: inTurn(script, script, ok) });
  expect(await client.invoke(write, 5000)).toEqual({ type: "ok", value: 1, node: "n1" });
  expect(await client.invoke(write, 5000)).toMatchObject({ type: "ok" });
  expect(asked).toEqual(["n1:1/1", "n1:1/1", "n1:1/1", "n1:1/2"]);
});

test("a write that may have happened is never said to have failed, whoever refuses it later", async () => {
  for (const refusal of [leaderIs(null), forgets, () => ({ type: "too-large", limitBytes: 1 }) as const]) {
    const { client, asked } = await sessionClient({ n1: inTurn(unknown, refusal) });
    expect(await client.invoke(write, 500)).toMatchObject({ type: "info", value: 1 });
    expect(asked.length).toBeGreaterThan(1);
  }
});

test("what the state machine refused is certain, also at the second try", async () => {
  const { client } = await sessionClient({ n1: inTurn(unknown, () => ({ type: "cas-mismatch" })) });
  const cas = { f: "cas", key: "k", value: [1, 2] };
  expect(await client.invoke(cas, 5000)).toMatchObject({ type: "fail", error: "cas-mismatch" });
});

test("a session that was forgotten before the first try is replaced", async () => {
  const { client, asked } = await sessionClient({ n1: inTurn(ok, forgets, ok) });
  await client.invoke(write, 5000);
  expect(await client.invoke(write, 5000)).toMatchObject({ type: "ok" });
  expect(asked).toEqual(["n1:1/1", "n1:1/2", "n1:2/1"]);
});

test("a pinned client asks its own node first; when that is silent, another one", async () => {
  const { client, asked } = await sessionClient({ n1: silent, n2: ok }, { pinnedTo: "n1", patienceMs: 100 });
  expect(await client.invoke(write, 20_000)).toMatchObject({ type: "ok", node: "n2" });
  expect(await client.invoke(write, 20_000)).toMatchObject({ type: "ok", node: "n2" });
  expect(asked).toEqual(["n1:1/1", "n2:1/1", "n1:1/2", "n2:1/2"]);
});

test("an answer of the own node counts, however late, while others are asked", async () => {
  const late: Script = (request, socket) => {
    setTimeout(() => socket.write(encodeReply(request.id, ok(request))), 400);
    return undefined;
  };
  const { client } = await sessionClient({ n1: late, n2: leaderIs(null) }, { pinnedTo: "n1", patienceMs: 100 });
  expect(await client.invoke(write, 20_000)).toEqual({ type: "ok", value: 1, node: "n1" });
});

test("without a session nothing is written: certain, though nobody knows whether one was opened", async () => {
  const client = new RaftClient([await serve("n1", silent, "log")], { ...real, sessions: true });
  clients.push(client);
  expect(await client.invoke(write, 200)).toMatchObject({ type: "fail", error: "given-up", value: 1 });
});

test("two writes at a time are refused, for a session keeps one answer", async () => {
  const { client } = await sessionClient({ n1: ok });
  const first = client.invoke(write, 5000);
  await expect(client.invoke(write, 5000)).rejects.toThrow("a client writes one thing at a time");
  expect(await first).toMatchObject({ type: "ok" });
});

test("too much that waits for a majority is a refusal", async () => {
  const client = await clientOf({ n1: () => ({ type: "overloaded" }) });
  expect(await client.invoke(write, 200)).toMatchObject({ type: "fail", error: "overloaded" });
});

test("closing ends an operation under way in info", async () => {
  const client = await clientOf({ n1: () => undefined });
  const underWay = client.invoke(read, 20_000);
  setTimeout(() => client.close(), 100);
  expect(await underWay).toMatchObject({ type: "info", error: "connection-lost" });
});
