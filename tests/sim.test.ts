import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-sim-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function keelhaul(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}
const lastLine = (text: string): unknown => JSON.parse(text.trim().split("\n").at(-1)!);

test("a campaign finds a bug, keeps its first run whole, makes it smaller, and says how to see that again", async () => {
  const buggy = ["--system", "memory", "--workload", "counter", "--set", "bug=double-apply"];
  const { code, stdout } = await keelhaul([
    "sim",
    "--seeds",
    "1..4",
    ...buggy,
    "--shrink-runs",
    "40",
    "--json",
    "--store",
    "kept",
  ]);
  expect(code).toBe(1);
  expect(await readdir(folder)).toEqual(["kept"]);
  const told = lastLine(stdout) as {
    failures: { seed: number; failure: string; command: string }[];
    report: string;
    shrunk: { schedule: string; seconds: number };
  };
  expect(told).toMatchObject({ verdict: "invalid", seeds: { first: 1, last: 4, done: 4 } });
  expect(told.failures[0]).toMatchObject({ seed: 1, failure: "counter" });
  expect(existsSync(join(folder, told.report))).toBe(true);
  expect(told.shrunk.seconds).toBeLessThan(30);
  const again = await keelhaul(["test", "--schedule", told.shrunk.schedule, "--json"]);
  expect(again.code).toBe(1);
  const replayed = lastLine(again.stdout) as { checkers: { counter: unknown } };
  expect(replayed.checkers.counter).toMatchObject({ verdict: "invalid" });
  const [, ...words] = told.failures[0]!.command.split(" ").slice(1);
  const byCommand = await keelhaul([...words, "--json"]);
  expect(byCommand.code).toBe(1);
});

test("a Raft cluster stays valid under what its seeds draw", async () => {
  const { code, stdout } = await keelhaul(["sim", "--seeds", "1..3", "--workload", "set"]);
  expect(stdout).toContain("VALID: 0 of 3 runs failed, 0 decided nothing");
  expect(code).toBe(0);
});

test("Ctrl-C ends a campaign soon, with what was done so far", async () => {
  const child = spawn(process.execPath, [command, "sim", "--seeds", "1..100000", "--json"], { cwd: folder });
  let stdout = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  const told = lastLine(stdout) as { verdict: string; seeds: { done: number } };
  expect(told.verdict).toBe("valid");
  expect(told.seeds.done).toBeGreaterThan(0);
  expect(told.seeds.done).toBeLessThan(100_000);
  expect(code).toBe(0);
});
