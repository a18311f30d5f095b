import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { attach } from "./attach.ts";
import { cleanLocal } from "./local/clean.ts";
import { endProcesses, findRunProcesses } from "./local/run-processes.ts";
import { readRun } from "./run-state.ts";

const listening = `
const { createServer } = require("node:net");
createServer((socket) => socket.on("error", () => {}).resume()).listen(Number(process.argv[1]), "127.0.0.1", () => console.log("listening", process.env.SAYS));
`;

/** A controller that breaks its two nodes, and is killed then. */
const controller = `
const { createLocalHost } = await import(${JSON.stringify(new URL("./local/local-host.ts", import.meta.url).href)});
const [runId, stateDir, agentScript, script] = process.argv.slice(1);
const leaseMs = 600_000;
const host = await createLocalHost({ runId, nodes: ["n1", "n2"], ports: { peer: "peers" }, stateDir, agentScript, leaseMs });
for (const { id, addresses } of host.nodes) {
  const args = ["-e", script, String(addresses.listen.peer.port)];
  await host.start(id, { program: process.execPath, args, env: { SAYS: "first" } });
}
await (await host.inject("n2", { kind: "pause" })).heal();
await host.inject("n1", { kind: "pause" });
await host.cut([["n1", "n2"]]);
process.stdin.resume(); // lives as long as the test does
console.log("broken");
`;

let folder: string;
let runId: string;
let first: ChildProcess;
const ofRun = async () => (await findRunProcesses()).filter(({ run }) => run === runId);
const pids = async () => (await ofRun()).map(({ pid }) => pid).sort();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-attach-"));
  vi.stubEnv("XDG_STATE_HOME", join(folder, "state"));
  runId = `attached-${process.pid}`;
  const agent = fileURLToPath(new URL("./agent/main.ts", import.meta.url));
  const args = ["--input-type=module", "-e", controller, runId, join(folder, "run"), agent, listening];
  first = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(first.stdout!, "data");
});
afterEach(async () => {
  first.kill("SIGKILL");
  await endProcesses(await ofRun());
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

it("takes over the nodes of a killed controller as they are, heals what it broke, and removes them", async () => {
  const before = await pids();
  await expect(attach(runId, () => {})).rejects.toThrow(
    /^run attached-\d+: its controller \S+ still runs; stop it first$/,
  );
  first.kill("SIGKILL");
  await once(first, "exit");
  const { host, left } = await attach(runId, () => {});
  expect(await pids()).toEqual(before);
  expect(await cleanLocal()).toEqual({ removed: [], leftAlone: [] });
  expect(await Promise.all(host.nodes.map(({ id }) => host.alive(id)))).toEqual([true, true]);

  const healed = (await Promise.all(left.map((injected) => injected.heal()))).flat();
  const sorted = healed.sort((one, other) => one.subject.localeCompare(other.subject));
  expect(sorted).toMatchObject([
    { subject: "n1", proves: true, observation: expect.stringMatching(/^pid \d+ in state/) },
    {
      subject: "n1->n2",
      proves: true,
      observation: expect.stringMatching(/^probe connected .* connections held before$/),
    },
  ]);

  // A process may be started again with other arguments and another environment.
  expect(await host.kill("n2")).toMatchObject({ proves: true });
  const port = host.nodes[1]!.addresses.listen["peer"]!.port;
  const args = ["-e", listening, String(port)];
  await host.start("n2", { program: process.execPath, args, env: { SAYS: "second" } });
  const logs = join(folder, "logs");
  const said = async () => {
    await host.collectLogs(logs);
    return readFile(join(logs, "n2.log"), "utf8");
  };
  await expect.poll(said).toBe("listening first\nlistening second\n");
  expect((await readdir(logs)).sort()).toEqual(["agent.log", "n1.log", "n2.log"]);

  await host.destroy();
  expect(await pids()).toEqual([]);
  expect(await readdir(folder)).not.toContain("run");
  expect(await readRun(runId)).toBeUndefined();
  await expect(attach(runId, () => {})).rejects.toThrow("no machines of it are known here; start it again");
});

it("says so when the agents are gone too, and leaves the rest to clean", async () => {
  first.kill("SIGKILL");
  await once(first, "exit");
  await endProcesses(await ofRun());
  await expect(attach(runId, () => {})).rejects.toThrow(
    `run ${runId}: its agents do not answer; run \`keelhaul clean\``,
  );
  await expect(attach("../clusters/7", () => {})).rejects.toThrow('run: got "../clusters/7"; expected letters');
});
