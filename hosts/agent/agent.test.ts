import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { freePorts } from "../local/ports.ts";
import { Agent } from "./agent.ts";
import { AgentClient } from "./client.ts";
import { Fleet } from "./fleet.ts";
import { threadStates } from "./process-state.ts";
import { defaultLeaseMs } from "./protocol.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("an agent", () => {
  it("undoes faults when it is not called any more, and leaves processes running", async () => {
    const { client, startNode, fallSilent } = await newAgent();
    await startNode("n1");
    const paused = await client.call("inject", { hold: "1", action: { kind: "pause", node: "n1" } });
    expect(paused).toMatchObject({ evidence: [{ proves: true }] });
    await client.call("inject", { hold: "2", action: { kind: "cut", edges: [["n2", "n1"]] } });
    await client.call("inject", { hold: "3", action: { kind: "hog", node: "n1", share: 0.1 } });
    await fallSilent();
    expect(await client.call("heal", { hold: "3" })).toMatchObject({
      evidence: [{ observation: "no hog is left" }],
      lapsed: true,
    });
    expect(await client.call("state", { node: "n1" })).toMatchObject({ state: "running" });
    expect(await client.call("probe", { edges: [["n2", "n1"]], timeoutMs: 3000 })).toMatchObject({
      probes: [{ outcome: "connected" }],
    });
    expect(await client.call("renew", {})).toEqual({ lapses: 1 });
  });

  it("keeps a target broken until the last of two faults heals", async () => {
    const { client, startNode } = await newAgent();
    await startNode("n1");
    const inject = (hold: string) => client.call("inject", { hold, action: { kind: "pause", node: "n1" } });
    const heal = (hold: string) => client.call("heal", { hold });
    await inject("first");
    await inject("second");
    const stillHeld = { evidence: [{ subject: "n1", observation: "another fault still holds it", proves: true }] };
    expect(await heal("first")).toMatchObject(stillHeld);
    expect(await heal("first")).toMatchObject(stillHeld);
    expect(await client.call("state", { node: "n1" })).toMatchObject({ state: "paused" });
    expect(await heal("second")).toMatchObject({ evidence: [{ proves: true }], lapsed: false });
    expect(await client.call("state", { node: "n1" })).toMatchObject({ state: "running" });
    await expect(inject("second")).rejects.toThrow("the hold second exists already");
    await expect(heal("third")).rejects.toThrow("there is no hold third");
  });

  it("refuses calls without its token, unknown calls, and malformed requests", async () => {
    const { client, endpoint } = await newAgent();
    const stranger = new AgentClient(endpoint, randomBytes(24).toString("hex"));
    await expect(stranger.call("end", {})).rejects.toThrow("wrong or missing bearer token");
    await expect(client.call("kill", {} as { node: string })).rejects.toThrow("expected string");
    await expect(client.call("reboot" as "end", {})).rejects.toThrow("no call POST /reboot");
    await expect(client.call("state", { node: "n".repeat(2_000_000) })).rejects.toThrow("larger than 1048576 bytes");
    await expect(client.call("start", { ...nodeProcess("n1", 1), command: "no-such-program" })).rejects.toThrow(
      "ENOENT",
    );
  });

  it("tells the fleet that a fault ended early", async () => {
    const { client, startNode, fallSilent } = await newAgent();
    await startNode("n1");
    const problems: string[] = [];
    const fleet = new Fleet(
      ["n1", "n2"],
      () => client,
      (problem) => problems.push(problem),
    );
    const cut = await fleet.cut([["n2", "n1"]]);
    const pause = await fleet.inject("n1", { kind: "pause" });
    expect([cut, pause]).toMatchObject([{ evidence: [{ proves: true }] }, { evidence: [{ proves: true }] }]);
    await fallSilent();
    const early = { proves: false, observation: expect.stringContaining("did not renew its lease in time") };
    expect(await cut.heal()).toMatchObject([early]);
    expect(await pause.heal()).toMatchObject([early]);
    expect(problems).toEqual(["a fault was undone early: the controller did not renew its lease in time"]);
  });
});

async function newAgent() {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-agent-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const token = randomBytes(24).toString("hex");
  const clock = { nowMs: 0 };
  const config = { listen: { host: "127.0.0.1", port: 0 }, token, leaseMs: defaultLeaseMs };
  const agent = new Agent(
    config,
    process.env,
    () => {},
    () => clock.nowMs,
  );
  const endpoint = { host: "127.0.0.1", port: await agent.listen() };
  cleanups.push(() => agent.end());
  const client = new AgentClient(endpoint, token);
  const [first, second] = await freePorts(2);
  const nodes = {
    n1: { peer: { host: "127.0.0.1", port: first! } },
    n2: { peer: { host: "127.0.0.1", port: second! } },
  };
  await client.call("setup", { kind: "proxy", nodes });
  const startNode = async (node: "n1" | "n2") => {
    await client.call("start", { ...nodeProcess(node, nodes[node].peer.port), log: join(folder, "log") });
    const edge = node === "n1" ? (["n2", "n1"] as const) : (["n1", "n2"] as const);
    await eventually(async () => {
      const { probes } = await client.call("probe", { edges: [edge], timeoutMs: 1000 });
      return probes[0]?.outcome === "connected";
    });
  };
  /** A lease passes without a call, with n1 paused; and n1 is looked at without one, too, as a call would renew. */
  const fallSilent = async () => {
    const { pid } = await client.call("state", { node: "n1" });
    clock.nowMs += defaultLeaseMs;
    await eventually(async () => !(await threadStates(pid!)).includes("T"));
    await eventually(async () => (await client.call("renew", {})).lapses === 1);
  };
  return { client, endpoint, startNode, fallSilent };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds).toBe(true);
}

function nodeProcess(node: string, port: number) {
  const program = `require("node:net").createServer((s) => s.on("error", () => {}).resume()).listen(${port}, "127.0.0.1")`;
  return { node, command: process.execPath, args: ["-e", program], env: {}, cwd: tmpdir(), log: "/dev/null" };
}
