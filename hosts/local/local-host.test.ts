import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { Edge } from "../../history/annotations.ts";
import type { HostNode } from "../host.ts";
import { createLocalHost } from "./local-host.ts";
import { findRunProcesses } from "./run-processes.ts";

/** A node that says on its log what reaches its peer port, and that dials its peers when asked to over HTTP. */
const dummyNode = `
import { createServer, connect } from "node:net";
const [port] = process.argv.slice(2).map(Number);
createServer((socket) => socket.on("error", () => {}).resume()).listen(port, "127.0.0.1", () => console.log("listening"));
`;

const agentScript = fileURLToPath(new URL("../agent/main.ts", import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const edges: readonly Edge[] = [
  ["n1", "n2"],
  ["n2", "n1"],
];

describe("the local host", () => {
  it("starts, kills and starts again, with evidence", async () => {
    const { host, start } = await threeNodes();
    expect(await host.alive("n1")).toBe(false);
    expect(await start("n1")).toMatchObject({ subject: "n1", proves: true });
    expect(await host.alive("n1")).toBe(true);
    await expect(start("n1")).rejects.toThrow("n1 runs already");
    const killed = await host.kill("n1");
    expect(killed.observation).toMatch(/^pid \d+ gone after SIGKILL$/);
    expect(killed.proves).toBe(true);
    expect(await host.alive("n1")).toBe(false);
    expect(await host.kill("n1")).toEqual({ subject: "n1", observation: "no process to kill", proves: false });
    expect(await start("n1")).toMatchObject({ proves: true });
  });

  it("tells of processes that end by themselves, and of none that it killed", async () => {
    const { host, start } = await threeNodes();
    const killed = async (node: string, signal: NodeJS.Signals) => {
      const [, pid] = /^pid (\d+) started$/.exec((await start(node)).observation)!;
      process.kill(Number(pid), signal);
      while (await host.alive(node)) await sleep(5);
    };
    await start("n3");
    await host.kill("n3");
    expect(await host.ends()).toEqual([]);
    await killed("n1", "SIGKILL");
    await killed("n2", "SIGTERM");
    await expect
      .poll(() => host.ends())
      .toMatchObject([
        { node: "n1", code: null, signal: "SIGKILL" },
        { node: "n2", code: null, signal: "SIGTERM" },
      ]);
  });

  it("pauses and resumes, shown by the process state", async () => {
    const { host, start } = await threeNodes();
    await start("n1");
    const pause = await host.inject("n1", { kind: "pause" });
    const state = expect.stringMatching(/^pid \d+ in state T \(\d+ threads?\)$/);
    expect(pause.evidence).toEqual([{ subject: "n1", observation: state, proves: true }]);
    expect(await host.alive("n1")).toBe(true);
    const running = expect.not.stringContaining("T");
    expect(await pause.heal()).toEqual([{ subject: "n1", observation: running, proves: true }]);
    await using again = await host.inject("n1", { kind: "pause" });
    expect(await host.kill("n1")).toMatchObject({ proves: true });
    expect(await again.heal()).toMatchObject([{ proves: false }]);
  });

  it("damages the files of a node that is down, restores them, and excuses what ended of it", async () => {
    const { host, start } = await threeNodes();
    await start("n1");
    await expect(host.inject("n1", { kind: "disk-flip", seed: 1 })).rejects.toThrow("n1 runs");
    await host.kill("n1");
    const { dataDir } = host.nodes[0]!;
    await writeFile(join(dataDir, "log"), "promised");
    const flip = await host.inject("n1", { kind: "disk-flip", seed: 1, file: "log" });
    expect(flip.evidence).toMatchObject([{ subject: "n1", proves: true }]);
    expect(flip.evidence[0]!.observation).toMatch(
      /^\d bits? flipped: log at byte \d \(0x.. became 0x..\).*read back so$/,
    );
    const [, pid] = /^pid (\d+) started$/.exec((await start("n1")).observation)!;
    process.kill(Number(pid), "SIGKILL");
    await expect.poll(() => host.ends()).toMatchObject([{ node: "n1", excuse: "bits on its disk were flipped" }]);
    expect((await flip.heal())[0]!.observation).toMatch(/read back as they were written$/);
    expect(await readFile(join(dataDir, "log"), "utf8")).toBe("promised");
    const torn = await host.inject("n1", { kind: "disk-torn", seed: 1 });
    await start("n1");
    expect((await torn.heal())[0]!.observation).toMatch(/cut-off bytes stay, for pid \d+ runs with them$/);
  });

  it("runs several processes on a node, which faults hit together, each with its log", async () => {
    const { host, folder, start } = await threeNodes();
    await start("n1");
    const sentinel = (says: string) => {
      const script = `console.log("sentinel", process.env.SAYS); setInterval(() => {}, 1000)`;
      return host.start("n1", {
        name: "sentinel",
        program: process.execPath,
        args: ["-e", script],
        env: { SAYS: says },
      });
    };
    const pid = Number(/\d+/.exec((await sentinel("first")).observation)![0]);
    await expect(sentinel("again")).rejects.toThrow(`sentinel of n1 runs already, as pid ${pid}`);
    const pause = await host.inject("n1", { kind: "pause" });
    const both = (what: RegExp) => expect.stringMatching(new RegExp(`^${what.source}; ${what.source}$`));
    expect(pause.evidence).toEqual([
      { subject: "n1", observation: both(/pid \d+ in state T \(\d+ threads?\)/), proves: true },
    ]);
    expect(await pause.heal()).toMatchObject([{ proves: true }]);
    const logs = join(folder, "logs");
    const said = async () => {
      await host.collectLogs(logs);
      return readFile(join(logs, "n1.sentinel.log"), "utf8");
    };
    await expect.poll(said).toBe("sentinel first\n");
    process.kill(pid, "SIGTERM");
    await expect
      .poll(() => host.ends())
      .toMatchObject([{ node: "n1", process: "sentinel", signal: "SIGTERM", lastLine: "sentinel first" }]);
    expect(await host.alive("n1")).toBe(true);
    await sentinel("second");
    expect(await host.kill("n1")).toMatchObject({ observation: both(/pid \d+ gone after SIGKILL/), proves: true });
    expect(await host.alive("n1")).toBe(false);
    expect((await readdir(logs)).sort()).toEqual(["agent.log", "n1.log", "n1.sentinel.log"]);
  });

  it("keeps the cores busy until it heals, by the kernel's account of CPU time", async () => {
    const { host, start } = await threeNodes();
    await start("n1");
    const hog = await host.inject("n1", { kind: "hog" });
    const used = expect.stringMatching(/^\d+ busy process(es)? used [1-9]\d+ ms of CPU in \d+ ms$/);
    expect(hog.evidence).toEqual([{ subject: "n1", observation: used, proves: true }]);
    await using again = await host.inject("n1", { kind: "hog", share: 0.5 });
    expect(await hog.heal()).toEqual([{ subject: "n1", observation: "another fault still holds it", proves: true }]);
    expect(await again.heal()).toEqual([{ subject: "n1", observation: used, proves: true }]);
  });

  it("leaves no hog behind when its agent is killed", async () => {
    const { host, runId } = await threeNodes();
    const ofRun = async () => (await findRunProcesses()).filter(({ run }) => run === runId);
    const [agent] = await ofRun();
    await host.inject("n1", { kind: "hog" });
    expect((await ofRun()).length).toBeGreaterThan(1);
    process.kill(agent!.pid, "SIGKILL");
    await expect.poll(ofRun).toEqual([]);
    await expect(host.destroy()).rejects.toThrow("the agent was already gone");
    cleanups.pop(); // which would destroy it again, and be rejected again
  });

  it("cuts one direction and mends it, with a probe and a counter as evidence", async () => {
    const { host, startAll } = await threeNodes();
    await startAll();
    const cut = await host.cut([["n1", "n2"]]);
    const held = expect.stringMatching(/^probe unanswered after \d+ ms; [1-9]\d* connections held$/);
    expect(cut.evidence).toEqual([{ subject: "n1->n2", observation: held, proves: true }]);
    const mended = expect.stringMatching(/^probe connected after \d+ ms; [1-9]\d* connections held before$/);
    expect(await cut.heal()).toEqual([{ subject: "n1->n2", observation: mended, proves: true }]);
    expect(await cut.heal()).toEqual([]);
  });

  it("mends an edge that two faults cut when the second of them heals", async () => {
    const { host, startAll } = await threeNodes();
    await startAll();
    const one = await host.cut([
      ["n1", "n2"],
      ["n3", "n2"],
    ]);
    const other = await host.cut([["n1", "n2"]]);
    expect(await one.heal()).toMatchObject([
      { subject: "n3->n2", observation: expect.stringContaining("probe connected") },
      { subject: "n1->n2", observation: "another fault still holds it", proves: true },
    ]);
    expect(await other.heal()).toMatchObject([
      { subject: "n1->n2", observation: expect.stringContaining("probe connected") },
    ]);
  });

  it("slows an edge down until the last fault that does heals, with probes over it as evidence", async () => {
    const { host, startAll } = await threeNodes();
    await startAll();
    const one = await host.impair(edges, { kind: "link-slow", delayMs: 300, jitterMs: 0 });
    const delayed = expect.stringMatching(
      /^delay 300 ms ± 0 ms: the fastest of \d+ probes took 3\d\d\.\d ms; before: /,
    );
    expect(one.evidence).toEqual(
      edges.map((edge) => ({ subject: edge.join("->"), observation: delayed, proves: true })),
    );
    const other = await host.impair([edges[0]!], { kind: "link-slow", delayMs: 200, jitterMs: 0 });
    const stillHeld = { subject: "n1->n2", observation: "another fault still holds it", proves: true };
    const sound = (subject: string) => ({ subject, observation: expect.stringContaining("probes took"), proves: true });
    expect(await one.heal()).toEqual([sound("n2->n1"), stillHeld]);
    expect(await other.heal()).toEqual([sound("n1->n2")]);
  });

  it("cannot show that an impairment took effect, or is gone, on an edge that is cut", async () => {
    const { host, startAll } = await threeNodes();
    await startAll();
    const cut = await host.cut([["n1", "n2"]]);
    const lossy = await host.impair([["n1", "n2"]], { kind: "link-lossy", share: 0.5 });
    expect(lossy.evidence).toMatchObject([{ proves: false }]);
    expect(await lossy.heal()).toEqual([
      { subject: "n1->n2", observation: "repaired; another fault cuts it", proves: true },
    ]);
    expect(await cut.heal()).toMatchObject([{ proves: true }]);
  });

  it("says when the node at an edge's end is dead or paused", async () => {
    const { host, startAll } = await threeNodes();
    await startAll();
    await host.kill("n2");
    await host.inject("n3", { kind: "pause" });
    const cut = await host.cut([
      ["n1", "n2"],
      ["n1", "n3"],
    ]);
    expect(cut.evidence[0]?.observation).toContain("n2 has no process");
    expect(cut.evidence[1]?.observation).toContain("n3's process is paused");
    const mended = await cut.heal();
    expect(mended[0]?.observation).toMatch(/^probe refused .*n2 has no process$/);
    expect(mended[1]?.observation).toMatch(/^probe connected .*n3's process is paused$/);
  });

  it("refuses programs that were not built, and programs that are not there", async () => {
    const { host } = await threeNodes();
    const spec = { args: [], env: {} };
    await expect(host.start("n1", { ...spec, program: "node:absent.mjs" })).rejects.toThrow("npm run build");
    await expect(host.start("n1", { ...spec, program: "no-such-program" })).rejects.toThrow("ENOENT");
  });

  it("collects logs, and leaves nothing behind when destroyed, however often", async () => {
    const { host, folder, runId, start } = await threeNodes();
    const node = host.nodes[0] as HostNode;
    await writeFile(join(node.dataDir, "wal"), "kept across a kill");
    await start("n1", { "trace.jsonl": join(node.dataDir, "wal"), absent: join(node.dataDir, "absent") });
    await start("n2");
    await host.inject("n2", { kind: "pause" });
    const logs = join(folder, "logs");
    const said = async () => {
      await host.collectLogs(logs);
      return readFile(join(logs, "n1.log"), "utf8");
    };
    await expect.poll(said).toBe("listening\n");
    expect((await readdir(logs)).sort()).toEqual(["agent.log", "n1.log", "n1.trace.jsonl", "n2.log"]);
    expect(await readFile(join(logs, "n1.trace.jsonl"), "utf8")).toBe("kept across a kill");
    expect(await readFile(join(logs, "n1.log"), "utf8")).toBe("listening\n");
    expect(await findRunProcesses().then((all) => all.filter(({ run }) => run === runId))).toHaveLength(3);
    await Promise.all([host.destroy(), host.destroy()]);
    await host.destroy();
    expect(await findRunProcesses().then((all) => all.filter(({ run }) => run === runId))).toEqual([]);
    expect(await readdir(folder)).not.toContain("state");
  });
});

async function threeNodes() {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-local-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "dummy.mjs"), dummyNode);
  const runId = `test-${process.pid}-${folder.slice(-6)}`;
  const nodes = ["n1", "n2", "n3"];
  const host = await createLocalHost({
    runId,
    nodes,
    ports: { peer: "peers" },
    stateDir: join(folder, "state"),
    bundles: folder,
    agentScript,
  });
  cleanups.push(() => host.destroy());
  const start = (id: string, files = {}) => {
    const { addresses } = host.nodes.find((node) => node.id === id)!;
    return host.start(id, { program: "node:dummy.mjs", args: [String(addresses.listen.peer.port)], env: {}, files });
  };
  const startAll = async () => {
    for (const id of nodes) await start(id);
    for (const { addresses } of host.nodes) await reachable(addresses.listen.peer.port);
  };
  return { host, folder, runId, start, startAll };
}

async function reachable(port: number): Promise<void> {
  const { probeEdge } = await import("../agent/links/probe.ts");
  const outcome = async () => (await probeEdge(["test", "node"], { host: "127.0.0.1", port }, 1000)).outcome;
  await expect.poll(outcome).toBe("connected");
}
