import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Results } from "../analysis/results.ts";
import { findRunProcesses } from "../hosts/local/run-processes.ts";
import { processesOf } from "./run-processes-support.ts";
import { patienceMs } from "./test-support/patience.ts";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;
let run: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-signals-"));
  run = undefined;
});
afterEach(async () => {
  run?.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const latest = (file: string) => join(folder, "store", "latest", file);

/** A run on local nodes that has just cut the leader off, and what it says. */
async function underFault(): Promise<{ child: ChildProcess; said: () => string }> {
  const options = ["--nemesis", "partition:leader", "--time-limit", "120s", "--seed", "2", "--min-load", "0"];
  const env = { ...process.env, XDG_STATE_HOME: join(folder, "state") };
  const child = spawn(process.execPath, [command, "test", ...options], { cwd: folder, env });
  run = child;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const history = () => readFile(latest("history.jsonl"), "utf8").catch(() => "");
  await expect.poll(history, { timeout: patienceMs }).toContain('"action":"inject"');
  return { child, said: () => said };
}

async function agentOf({ pid }: ChildProcess): Promise<number> {
  for (const each of (await findRunProcesses()).filter(({ controller }) => controller.startsWith(`${pid}:`))) {
    const line = await readFile(`/proc/${each.pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes("agent.mjs")) return each.pid;
  }
  throw new Error("the run has no agent");
}

async function actionsOn(file: string): Promise<string[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  return lines.flatMap((line) => /"action":"(inject|heal)"/.exec(line)?.[1] ?? []);
}

test("a second SIGINT skips logs, checks and report; faults are healed and nothing is left all the same", async () => {
  const { child, said } = await underFault();
  const exit = once(child, "close");
  // Healing waits for the agent, so the second signal comes while the run stops, however fast the machine is.
  const agent = await agentOf(child);
  process.kill(agent, "SIGSTOP");
  try {
    child.kill("SIGINT");
    await expect.poll(said, { timeout: patienceMs }).toContain("SIGINT: healing, stopping everything, and judging");
    await sleep(600); // sooner, it would be the same Ctrl-C, passed on by npx
    child.kill("SIGINT");
    await expect.poll(said, { timeout: patienceMs }).toContain("SIGINT: healing and stopping everything; judge");
  } finally {
    process.kill(agent, "SIGCONT");
  }
  expect(await exit).toEqual([2, null]);
  expect(said()).toContain("UNKNOWN: register: not judged: interrupted");
  const results = JSON.parse(await readFile(latest("results.json"), "utf8")) as Results;
  expect(results).toMatchObject({ verdict: "unknown", checkers: { register: { cause: { code: "interrupted" } } } });
  expect(await readdir(latest("logs"))).toEqual([]);
  expect(existsSync(latest("report.html"))).toBe(false);
  const actions = await actionsOn(latest("history.jsonl"));
  expect(actions.filter((action) => action === "heal")).toHaveLength(actions.length / 2);
  expect(existsSync(latest("machine"))).toBe(false);
  expect(await processesOf(folder)).toBe(0);
});

test("one SIGINT leaves logs, what every checker found, and the report", async () => {
  const { child, said } = await underFault();
  const exit = once(child, "close");
  child.kill("SIGINT");
  expect(await exit).toEqual([2, null]);
  expect(said()).toMatch(/UNKNOWN: interrupted by SIGINT after .*; no violation found/);
  const results = JSON.parse(await readFile(latest("results.json"), "utf8")) as Results;
  expect(results).toMatchObject({ verdict: "unknown", checkers: { register: { verdict: "valid" } } });
  expect((await readdir(latest("logs"))).sort()).toEqual(expect.arrayContaining(["agent.log", "n1.log"]));
  expect(existsSync(latest("report.html"))).toBe(true);
  expect(existsSync(latest("machine"))).toBe(false);
  expect(await processesOf(folder)).toBe(0);
});
