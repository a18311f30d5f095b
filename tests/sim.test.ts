import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
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
  expect(told).toMatchObject({ verdict: "invalid", seeds: { first: 1, last: 4, done: 4 }, interrupted: false });
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
  expect(stdout).toContain("VALID: 0 of 3 runs failed, 0 inconclusive");
  expect(code).toBe(0);
});

test("a seed whose drawn timeouts leave no time for faults decides nothing, and the others are told all the same", async () => {
  const { code, stdout } = await keelhaul(["sim", "--seeds", "1..6", "--time-limit", "8s", "--json"]);
  expect(code).toBe(2);
  const told = lastLine(stdout) as { verdict: string; seeds: object; undecided: { summary: string; command: null }[] };
  expect(told).toMatchObject({ verdict: "unknown", seeds: { done: 6 } });
  expect(told.undecided[0]!.summary).toMatch(/^cannot be run with what this seed draws: --time-limit: got 8s; /);
  expect(told.undecided[0]!.command).toBeNull();
});

test("a failing run that cannot be kept is told of, and costs a campaign nothing else", async () => {
  const buggy = ["--system", "memory", "--workload", "counter", "--set", "bug=double-apply"];
  const store = join(folder, "occupied");
  await mkdir(store);
  await writeFile(join(store, "sim"), "a file where the folder of the run belongs");
  const { code, stdout } = await keelhaul(["sim", "--seeds", "1", ...buggy, "--store", store, "--json"]);
  expect(code).toBe(1);
  const told = lastLine(stdout) as { verdict: string; run: null; warnings: string[] };
  expect(told).toMatchObject({ verdict: "invalid", run: null });
  expect(told.warnings).toEqual([expect.stringMatching(/^the run of seed 1 was not kept: /)]);
});

test("Ctrl-C ends a campaign soon, with what was done so far: it has not shown that the store is valid", async () => {
  const child = spawn(process.execPath, [command, "sim", "--seeds", "1..100000", "--json"], { cwd: folder });
  let stdout = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  const told = lastLine(stdout) as { seeds: { done: number } };
  expect(told).toMatchObject({ verdict: "unknown", interrupted: true });
  expect(told.seeds.done).toBeGreaterThan(0);
  expect(told.seeds.done).toBeLessThan(100_000);
  expect(code).toBe(2);
});
