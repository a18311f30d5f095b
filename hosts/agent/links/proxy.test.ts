import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Edge } from "../../../history/annotations.ts";
import type { Impairment } from "../../host.ts";
import { impairedEvidence, recoveredEvidence } from "../../links/evidence.ts";
import { measurementOf } from "../../links/sample.ts";
import { freePorts } from "../../local/ports.ts";
import { probePorts } from "./probe.ts";
import { ProxyLinks } from "./proxy.ts";

/** Long enough for bytes that could pass to have passed: this much waiting can only make a broken link look whole. */
const graceMs = 150;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("links through the proxy", () => {
  it("carry bytes both ways, and the end of a connection", async () => {
    const { n2, dial } = await twoNodes();
    const socket = await dial(["n1", "n2"]);
    socket.write("ping");
    expect(await heard(n2, "ping")).toBe(true);
    n2.connections[0]?.write("pong");
    expect(await text(socket, "pong")).toBe("pong");
    socket.end();
    await once(n2.connections[0]!, "end");
  });

  it("hold everything on a cut edge, without a reset, and deliver it in order when mended", async () => {
    const { links, n2, dial } = await twoNodes();
    const socket = await dial(["n1", "n2"]);
    socket.write("before ");
    await heard(n2, "before ");
    await links.cut([["n1", "n2"]]);
    const closed = once(socket, "close").then(() => "closed");
    socket.write("during ");
    expect(await Promise.race([closed, sleep(graceMs, "open")])).toBe("open");
    expect(n2.received).toBe("before ");
    await links.mend([["n1", "n2"]]);
    socket.write("after");
    expect(await heard(n2, "before during after")).toBe(true);
  });

  it("hold the answers on a cut edge's own connections too, and leave the opposite edge alone", async () => {
    const { links, n1, n2, dial } = await twoNodes();
    const forth = await dial(["n1", "n2"]);
    const back = await dial(["n2", "n1"]);
    forth.write("hello");
    await heard(n2, "hello");
    await links.cut([["n1", "n2"]]);
    let answers = "";
    forth.on("data", (data) => (answers += data));
    n2.connections[0]?.write("ack");
    back.write("still here");
    expect(await heard(n1, "still here")).toBe(true);
    await sleep(graceMs);
    expect(answers).toBe("");
  });

  it("accept connections on a cut edge, and reset them when mended", async () => {
    const { links, n2, dial } = await twoNodes();
    await links.cut([["n1", "n2"]]);
    const socket = await dial(["n1", "n2"]);
    socket.write("lost");
    await sleep(graceMs);
    expect(await links.drops([["n1", "n2"]])).toEqual([{ edge: ["n1", "n2"], count: 1, unit: "connections held" }]);
    const reset = once(socket, "error");
    await links.mend([["n1", "n2"]]);
    await reset;
    expect([n2.received, n2.connections.length]).toEqual(["", 0]);
  });

  it("do not let a connection's end cross a cut edge", async () => {
    const { links, n2, dial } = await twoNodes();
    const socket = await dial(["n1", "n2"]);
    socket.write("hello");
    await heard(n2, "hello");
    await links.cut([["n1", "n2"]]);
    const ended = once(n2.connections[0]!, "close").then(() => "ended");
    socket.resetAndDestroy();
    expect(await Promise.race([ended, sleep(graceMs, "open")])).toBe("open");
    await links.mend([["n1", "n2"]]);
    expect(await ended).toBe("ended");
  });

  it("reset a dialler whose target has no process", async () => {
    const { links, n2, dial } = await twoNodes();
    await n2.close();
    const socket = await dial(["n1", "n2"]);
    await once(socket, "error");
    expect(await links.probe(["n1", "n2"], 3000)).toMatchObject({ outcome: "refused" });
  });

  it("answer a probe only when the edge is open", async () => {
    const { links } = await twoNodes();
    expect(await links.probe(["n1", "n2"], 3000)).toMatchObject({ outcome: "connected" });
    await links.cut([["n1", "n2"]]);
    expect(await links.probe(["n1", "n2"], graceMs)).toMatchObject({ outcome: "unanswered" });
    expect(await links.probe(["n2", "n1"], 3000)).toMatchObject({ outcome: "connected" });
    await links.mend([["n1", "n2"]]);
    expect(await links.probe(["n1", "n2"], 3000)).toMatchObject({ outcome: "connected" });
  });

  it("refuse an edge that they do not have", async () => {
    const { links } = await twoNodes();
    await expect(links.cut([["n1", "n9"]])).rejects.toThrow("there is no link n1->n9");
  });
});

describe("impaired links", () => {
  const edge: Edge = ["n1", "n2"];
  const impaired = async (impairment: Impairment) => {
    const { links } = await twoNodes();
    const sample = () => links.sample(edge, 0, measurementOf(impairment));
    const before = await sample();
    await links.impair([edge], impairment);
    const during = impairedEvidence(edge, impairment, before, await sample());
    const opposite = await links.sample(["n2", "n1"], 0, measurementOf(impairment));
    await links.repair([edge], impairment.kind);
    return [
      during,
      recoveredEvidence(edge, impairment, before, opposite),
      recoveredEvidence(edge, impairment, before, await sample()),
    ];
  };

  it.each<Impairment>([
    { kind: "link-slow", delayMs: 200, jitterMs: 50 },
    { kind: "link-lossy", share: 0.2 },
    { kind: "link-rate", bytesPerSecond: 20_000 },
    { kind: "link-reset", share: 0.1 },
  ])("show $kind to a probe, leave the opposite edge alone, and recover", async (impairment) => {
    const evidence = await impaired(impairment);
    expect(
      evidence.map(({ proves }) => proves),
      JSON.stringify(evidence),
    ).toEqual([true, true, true]);
  });

  it("deliver every byte in order, and the end after it, though pieces are lost and late", async () => {
    const { links, n2, dial } = await twoNodes();
    await links.impair([edge], { kind: "link-lossy", share: 0.3 });
    await links.impair([edge], { kind: "link-slow", delayMs: 5, jitterMs: 5 });
    const socket = await dial(edge);
    const lines = Array.from({ length: 20 }, (_, number) => `${number};`);
    for (const line of lines) {
      socket.write(line);
      await sleep(2);
    }
    const ended = once(n2.connections[0]!, "end");
    socket.end();
    expect(await heard(n2, lines.join(""))).toBe(true);
    await ended;
  });

  it("deliver what they delay as soon as they are repaired", async () => {
    const { links, n2, dial } = await twoNodes();
    await links.impair([edge], { kind: "link-slow", delayMs: 3_600_000, jitterMs: 0 });
    const socket = await dial(edge);
    socket.write("late");
    await sleep(graceMs);
    expect(n2.received).toBe("");
    await links.repair([edge], "link-slow");
    expect(await heard(n2, "late")).toBe(true);
  });

  it("do not carry on while cut what they had delayed", async () => {
    const { links, n2, dial } = await twoNodes();
    await links.impair([edge], { kind: "link-slow", delayMs: 50, jitterMs: 0 });
    const socket = await dial(edge);
    socket.write("slow");
    await links.cut([edge]);
    await sleep(graceMs);
    expect(n2.received).toBe("");
    await links.mend([edge]);
    expect(await heard(n2, "slow")).toBe(true);
  });

  it("refuse what a byte stream cannot show", async () => {
    const { links } = await twoNodes();
    await expect(links.impair([edge], { kind: "link-reorder", share: 0.1 })).rejects.toThrow("byte streams");
  });
});

async function twoNodes() {
  const [first, second] = await freePorts(2);
  const n1 = await listener(first!);
  const n2 = await listener(second!);
  const nodes = {
    n1: { peer: { host: "127.0.0.1", port: first! } },
    n2: { peer: { host: "127.0.0.1", port: second! } },
  };
  const links = await ProxyLinks.open(nodes);
  cleanups.push(() => links.close());
  const dial = async (edge: Edge): Promise<Socket> => {
    const { port } = links.listeners.find((listener) => listener.edge.join() === edge.join())!;
    const socket = connect({ host: "127.0.0.1", port });
    cleanups.push(() => socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  return { links, n1, n2, dial };
}

async function listener(port: number) {
  const server = createServer((socket) => {
    node.connections.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => (node.received += data));
  });
  const close = async () => {
    for (const socket of node.connections) socket.destroy();
    if (server.listening) await once(server.close(), "close");
  };
  const node = { received: "", connections: [] as Socket[], close, port: () => (server.address() as AddressInfo).port };
  await once(server.listen(port, "127.0.0.1"), "listening");
  cleanups.push(close);
  return node;
}

async function heard(node: { received: string }, wanted: string): Promise<boolean> {
  await expect.poll(() => node.received).toBe(wanted);
  return true;
}

async function text(socket: Socket, wanted: string): Promise<string> {
  let received = "";
  socket.on("data", (data) => (received += data));
  await expect.poll(() => received).toBe(wanted);
  return received;
}

describe("several ports for peers", () => {
  it("are cut and healed together; one that refuses has answered", async () => {
    const numbers = await freePorts(4);
    const [n1, n1vote, n2, n2vote] = numbers.map((port) => ({ host: "127.0.0.1", port }));
    const data = await listener(n2!.port);
    await listener(n2vote!.port);
    const links = await ProxyLinks.open({ n1: { data: n1!, vote: n1vote! }, n2: { data: n2!, vote: n2vote! } });
    cleanups.push(() => links.close());
    expect(links.listeners.filter(({ edge }) => edge.join() === "n1,n2").map(({ name }) => name)).toEqual([
      "data",
      "vote",
    ]);
    expect(await links.probe(["n1", "n2"], 3000)).toMatchObject({ outcome: "connected" });
    await links.cut([["n1", "n2"]]);
    expect(await links.probe(["n1", "n2"], graceMs)).toMatchObject({ outcome: "unanswered" });
    await links.mend([["n1", "n2"]]);
    await data.close();
    expect(await links.probe(["n1", "n2"], 3000)).toMatchObject({
      outcome: "connected",
      detail: "data refused, vote connected",
    });
  });

  it("make an edge neither open nor cut while one answers and another does not", async () => {
    const outcomes = { data: "connected", vote: "unanswered" } as const;
    const ports = [{ name: "data" }, { name: "vote" }] as const;
    const probed = await probePorts(["n1", "n2"], ports, async ({ name }) => {
      return { edge: ["n1", "n2"], outcome: outcomes[name], afterMs: 7, detail: "" };
    });
    expect(probed).toMatchObject({ outcome: "failed", detail: "data connected, vote unanswered" });
  });
});
