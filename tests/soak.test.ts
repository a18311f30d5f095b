import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Soak, soakSchema } from "../analysis/soak.ts";
import { processesOf } from "./run-processes-support.ts";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;

async function soak(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const words = [command, "soak", "--min-load", "0", ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, words, { cwd: folder })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}
const told = ({ stdout }: { stdout: string }) => JSON.parse(stdout.trim().split("\n").at(-1)!);
const inFolder = (...path: readonly string[]) => join(folder, ...path);
async function recordOf(run: string): Promise<Soak> {
  return soakSchema.parse(JSON.parse(await readFile(inFolder(run, "soak.json"), "utf8")));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-soak-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a real cluster goes on through segments of different workloads, each with a verdict and report of its own", async () => {
  const options = ["--workload", "register,append", "--nemesis", "kill,pause", "--nodes", "3", "--max-memory", "2GB"];
  const ran = await soak(...options, "--time-limit", "24s", "--segment", "12s", "--seed", "4", "--json");
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  const { verdict, run, segments, planned, faults } = told(ran);
  expect({ verdict, planned }).toEqual({ verdict: "valid", planned: 2 });
  expect(segments.map(({ workload }: { workload: string }) => workload)).toEqual(["register", "append"]);
  expect(faults.effective).toBe(faults.injected);
  const record = await recordOf(run);
  for (const { folder: part, report } of record.segments) {
    for (const file of ["test.json", "history.jsonl.zst", "results.json", "schedule.json"]) {
      expect(existsSync(inFolder(run, part, file)), file).toBe(true);
    }
    expect(existsSync(inFolder(run, report!))).toBe(true);
  }
  expect(existsSync(inFolder(run, "logs/n1.log"))).toBe(true);
  expect(record.resources.length).toBeGreaterThan(1);
  expect(await processesOf(folder)).toBe(0);
});

test("--fail-fast ends a soak with the segment that failed; without it all are collected", async () => {
  const stale = ["--system", "memory", "--set", "bug=stale-replica", "--nemesis", "none", "--workload", "register"];
  const segments = ["--time-limit", "9s", "--segment", "3s", "--json"];
  const all = await soak(...stale, ...segments);
  expect([all.code, told(all).segments.length]).toEqual([1, 3]);
  const first = await soak(...stale, ...segments, "--fail-fast");
  expect([first.code, told(first).segments.length]).toEqual([1, 1]);
});

test("bad input is one sentence, before anything runs", async () => {
  const refusals = [
    [["--segment", "soon"], /--segment: got "soon"; expected a duration such as 2m/],
    [["--max-memory", "much"], /--max-memory: got "much"; expected a size such as 400MB/],
    [["--workload", "juggling"], /--workload: got "juggling"/],
    [["--backend", "sim"], /--backend: a soak takes real time/],
  ] as const;
  for (const [args, sentence] of refusals) {
    const { code, stderr } = await soak(...args);
    expect([code, stderr]).toEqual([254, expect.stringMatching(sentence)]);
  }
});
