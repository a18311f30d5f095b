import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { processIdentity, threadStates } from "../agent/process-state.ts";
import { cleanLocal } from "./clean.ts";
import { endProcesses, findRunProcesses, parsePs } from "./run-processes.ts";

/** A controller with a run of one node; it is killed while the run is under way. */
const controller = `
const { createLocalHost } = await import(${JSON.stringify(new URL("./local-host.ts", import.meta.url).href)});
const [runId, stateDir, agentScript] = process.argv.slice(1);
const logsFolder = stateDir + "-logs";
const host = await createLocalHost({ runId, nodes: ["n1"], ports: {}, stateDir, logsFolder, agentScript });
const script = "fs.writeFileSync('own.jsonl', 'traced'); console.log('logged'); setInterval(() => {}, 1000)";
const files = { "trace.jsonl": stateDir + "/data/n1/own.jsonl" };
await host.start("n1", { program: process.execPath, args: ["-e", script], env: {}, files });
process.stdin.resume(); // lives as long as the test does
console.log("started");
`;

afterEach(() => vi.unstubAllEnvs());

it("ends what a killed controller left, and nothing of a controller that lives", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-clean-"));
  vi.stubEnv("XDG_STATE_HOME", join(folder, "state"));
  const [dead, alive] = [`dead-${process.pid}`, `alive-${process.pid}`];
  const ofRuns = async () => (await findRunProcesses()).filter(({ run }) => run === dead || run === alive);
  const controllers = await Promise.all([dead, alive].map((run) => startController(run, join(folder, run))));
  try {
    await expect.poll(() => readFile(join(folder, dead, "logs", "n1.log"), "utf8")).toBe("logged\n");
    controllers[0]?.kill("SIGKILL");
    await once(controllers[0]!, "exit");
    const orphans = (await ofRuns()).filter(({ run }) => run === dead);
    expect(orphans).toHaveLength(2);
    const { removed, leftAlone } = await cleanLocal();
    for (const { pid } of orphans) {
      expect(removed).toContain(`ended process ${pid} of run ${dead}, whose controller is gone`);
      expect(await threadStates(pid)).toEqual([]);
    }
    expect((await ofRuns()).map(({ run }) => run)).toEqual([alive, alive]);
    const logs = join(folder, `${dead}-logs`);
    expect(removed).toContain(
      `removed ${join(folder, dead)} of run ${dead}, whose controller is gone; kept agent.log, n1.log, n1.trace.jsonl in ${logs}`,
    );
    expect(leftAlone).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual([alive, `${dead}-logs`, "state"]);
    expect(await readFile(join(logs, "n1.log"), "utf8")).toBe("logged\n");
    expect(await readFile(join(logs, "n1.trace.jsonl"), "utf8")).toBe("traced");
    expect((await cleanLocal()).removed).toEqual([]);
  } finally {
    for (const child of controllers) child.kill("SIGKILL");
    await endProcesses(await ofRuns());
    await rm(folder, { recursive: true, force: true });
  }
});

it.runIf(process.geteuid?.() === 0)("leaves another user's process alone, whatever its environment says", async () => {
  const env = { KEELHAUL_RUN: `planted-${process.pid}`, KEELHAUL_CONTROLLER: "4194305:1" };
  const child = spawn("sleep", ["600"], { env, uid: 65_534, gid: 65_534, stdio: "ignore" });
  await once(child, "spawn");
  try {
    expect((await findRunProcesses()).filter(({ pid }) => pid === child.pid)).toEqual([]);
  } finally {
    child.kill("SIGKILL");
  }
});

it("reads processes from ps where there is no /proc", () => {
  const listing =
    "  17  7  8 /usr/bin/node agent.mjs HOME=/root KEELHAUL_RUN=r1 KEELHAUL_CONTROLLER=9:1 A=B\n 1 0 0 /sbin/init\n";
  expect(parsePs(listing).map(({ pid, users }) => [pid, users])).toEqual([
    [17, [7, 8]],
    [1, [0, 0]],
  ]);
  expect(parsePs(listing)[0]?.environment).toContain("KEELHAUL_RUN=r1");
});

it("names a process by its pid and its start", async () => {
  expect(await processIdentity(process.pid)).toMatch(new RegExp(`^${process.pid}:\\d+`));
  expect(await processIdentity(2 ** 22 + 1)).toBeUndefined();
});

async function startController(runId: string, stateDir: string) {
  const agentScript = fileURLToPath(new URL("../agent/main.ts", import.meta.url));
  const args = ["--input-type=module", "-e", controller, runId, stateDir, agentScript];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}
