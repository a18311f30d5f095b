import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RegisterResult, Results } from "../analysis/results.ts";
import { processesOf } from "./run-processes-support.ts";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-run-"));
});
afterEach(async () => {
  await keelhaul("clean");
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function keelhaul(...args: string[]): Promise<Ran> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

async function results(): Promise<Results> {
  return JSON.parse(await readFile(join(folder, "store", "latest", "results.json"), "utf8"));
}

/** A run under way in the background, whose load has been going on for a while. */
/** A busy machine sends fewer operations than were asked for; that is a test of its own. */
const anyLoad = ["--min-load", "0"];

async function startRun(...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [command, "test", ...anyLoad, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said).toContain("injected");
  return child;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once("exit", resolve));
}

test("read-index under partitions, kills and pauses is valid, every fault is proven, and nothing is left", async () => {
  const ran = await keelhaul(
    "test",
    ...anyLoad,
    "--nemesis",
    "partition,kill,pause",
    "--time-limit",
    "18s",
    "--seed",
    "1",
    "--json",
  );
  const told = JSON.parse(ran.stdout.trim().split("\n").at(-1)!);
  expect(told, ran.stderr).toMatchObject({ verdict: "valid", seed: 1 });
  expect(ran.code).toBe(0);
  expect(told.faults.injected).toBeGreaterThanOrEqual(2);
  expect(told.faults.effective).toBe(told.faults.injected);
  expect(told.operations.ok).toBeGreaterThan(100);
  for (const file of ["test.json", "history.jsonl.zst", "results.json", "report.html", "logs/n1.log"]) {
    await access(join(folder, told.run, file));
  }
  expect(await processesOf(folder)).toBe(0);
});

test.each(["local", "sim"])("nodes with a hogged CPU stay correct on %s, and the hog is proven", async (backend) => {
  const options = ["--backend", backend, "--nemesis", "hog", "--nodes", "3", "--time-limit", "15s", "--seed", "1"];
  const ran = await keelhaul("test", ...anyLoad, ...options, "--json");
  const told = JSON.parse(ran.stdout.trim().split("\n").at(-1)!);
  expect(told, ran.stderr).toMatchObject({ verdict: "valid" });
  expect(told.faults.injected).toBeGreaterThanOrEqual(1);
  expect(told.faults.effective).toBe(told.faults.injected);
});

test("local reads under partitions are caught: a stale read, by how many versions and milliseconds", async () => {
  const ran = await keelhaul(
    "test",
    "--read-mode",
    "local",
    "--nemesis",
    "partition",
    "--time-limit",
    "12s",
    "--seed",
    "1",
  );
  expect(ran.code, ran.stderr).toBe(1);
  const { violations, staleReads } = (await results()).checkers["register"] as RegisterResult;
  expect(violations[0]?.kind).toBe("stale-read");
  expect(violations[0]?.staleness?.versions).toBeGreaterThanOrEqual(1);
  expect(violations[0]?.staleness?.milliseconds).toBeGreaterThan(0);
  expect(violations[0]?.sentence).toMatch(/^n\d answered \S+ to process \d+ at \d+\.\d+ s, but/);
  expect(staleReads.count).toBeGreaterThan(0);
  expect(ran.stdout).toContain("INVALID");
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s heals, stops everything, saves, and leaves it unknown",
  async (signal) => {
    const child = await startRun("--nemesis", "partition:leader", "--time-limit", "60s", "--seed", "2");
    child.kill(signal);
    expect(await ended(child)).toBe(2);
    const { verdict, summary, operations, checkers } = await results();
    expect(verdict).toBe("unknown");
    expect(summary).toMatch(new RegExp(`^interrupted by ${signal} after [\\d.]+ s of 60 s; no violation found: `));
    expect(checkers["register"]?.verdict).toBe("valid");
    expect(operations.ok).toBeGreaterThan(100);
    expect(await processesOf(folder)).toBe(0);
    const judged = await keelhaul("analyze", "store/latest", "--json");
    expect(judged.code).toBe(2);
    expect(JSON.parse(judged.stdout)).toMatchObject({ verdict, summary, inconclusive: [{ code: "interrupted" }] });
  },
);

test("kill -9 of the controller loses nothing: the history is judged, and clean leaves no process", async () => {
  const child = await startRun("--nemesis", "pause:leader", "--time-limit", "60s", "--seed", "3");
  child.kill("SIGKILL");
  await ended(child);
  expect(await processesOf(folder)).toBeGreaterThan(0);
  const run = await realpath(join(folder, "store", "latest"));
  const judged = await keelhaul("analyze", run, "--json");
  expect(JSON.parse(judged.stdout)).toMatchObject({
    verdict: "unknown",
    inconclusive: [{ code: "unfinished" }],
    checkers: { register: { verdict: "valid" } },
  });
  expect((await keelhaul("clean")).code).toBe(0);
  expect(await processesOf(folder)).toBe(0);
});
