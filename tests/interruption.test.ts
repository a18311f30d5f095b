import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Results } from "../analysis/results.ts";
import { runAndReport } from "../cli/run-and-report.ts";
import { makePlan } from "../controller/plan/plan.ts";
import { processesOf } from "./run-processes-support.ts";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;
let terminal: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-interruption-"));
  terminal = undefined;
});
afterEach(async () => {
  terminal?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** A command in a terminal of its own, with what it printed there so far, and whether it still runs. */
function inTerminal(...args: string[]): { close: () => void; said: () => string; runs: () => Promise<boolean> } {
  const pidFile = join(folder, "pid");
  const words = [process.execPath, command, ...args].map((word) => `'${word}'`);
  const line = `echo $$ > '${pidFile}'; exec ${words.join(" ")}`;
  // In CI a command prints lines, and draws nothing that could be waited for.
  const { CI: _, ...others } = process.env;
  const environment = { ...others, TERM: "xterm", XDG_STATE_HOME: join(folder, "state") };
  const child = spawn("script", ["-qec", line, "/dev/null"], { cwd: folder, env: environment });
  terminal = child;
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  // A process that ended and has not been waited for has no command line any more.
  const runs = async () => {
    const pid = (await readFile(pidFile, "utf8")).trim();
    return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")) !== "";
  };
  return { close: () => void child.kill("SIGKILL"), said: () => said, runs };
}

const latest = (file: string) => join(folder, "store", "latest", file);

test("a run whose terminal is closed heals, stops its nodes, and leaves its verdict and report", async () => {
  const load = ["--min-load", "0"]; // A busy machine sends fewer operations than were asked for.
  const { close, runs } = inTerminal(
    "test",
    "--nemesis",
    "partition:leader",
    "--time-limit",
    "60s",
    "--seed",
    "2",
    ...load,
  );
  const injected = async () =>
    existsSync(latest("history.jsonl")) &&
    (await readFile(latest("history.jsonl"), "utf8")).includes('"action":"inject"');
  await expect.poll(injected).toBe(true);
  expect(await processesOf(folder)).toBeGreaterThan(0);
  close();
  await expect.poll(runs).toBe(false);
  const results: Results = JSON.parse(await readFile(latest("results.json"), "utf8"));
  expect(results.verdict).toBe("unknown");
  expect(results.summary).toMatch(/^interrupted by SIGHUP after [\d.]+ s of 60 s; no violation found: /);
  expect(existsSync(latest("report.html"))).toBe(true);
  expect(await processesOf(folder)).toBe(0);
});

test("a cluster whose terminal is closed stops its nodes", async () => {
  const { close, said, runs } = inTerminal("cluster", "--data", join(folder, "data"));
  await expect.poll(said).toContain("leader");
  expect(await processesOf(folder)).toBeGreaterThan(0);
  expect(await runs()).toBe(true);
  close();
  // Its nodes end before it has removed what it kept of them.
  await expect.poll(runs).toBe(false);
  expect(await processesOf(folder)).toBe(0);
});

test("hurried, a run heals and stops everything, and leaves the rest to analyze", async () => {
  const options = { nemesis: "partition:leader", timeLimit: "60s", seed: 2, store: join(folder, "store") };
  const [first, second] = [new AbortController(), new AbortController()];
  const outcome = await runAndReport(makePlan(options, 0), {
    ...{ signal: first.signal, hurry: second.signal, watched: false, startedAt: new Date() },
    tell: (progress) => {
      if (progress.type !== "fault") return;
      first.abort();
      second.abort();
    },
  });
  expect(outcome).toMatchObject({ report: null, results: { verdict: "unknown" } });
  expect(outcome.results.checkers["register"]).toMatchObject({ cause: { code: "interrupted" } });
  expect(JSON.parse(await readFile(latest("results.json"), "utf8")).verdict).toBe("unknown");
  expect(existsSync(latest("history.jsonl"))).toBe(true);
  expect(existsSync(latest("logs/n1.log"))).toBe(false);
  expect(await processesOf(folder)).toBe(0);
});
