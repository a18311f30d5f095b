import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;

async function keelhaul(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}
const resultOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout.trim().split("\n").at(-1)!);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-rerun-"));
  const stale = ["test", "--system", "memory", "--set", "bug=stale-replica", "--time-limit", "3s", "--seed", "5"];
  expect((await keelhaul(...stale)).code).toBe(1);
});
afterAll(() => rm(folder, { recursive: true }));

test("a stored run is run again with its options and seed", async () => {
  const again = await keelhaul("rerun", "store/latest", "--json", "--store", "again");
  expect(again.code).toBe(1);
  const { run, seed } = resultOf(again);
  expect(seed).toBe(5);
  const plan = async (path: string) => JSON.parse(await readFile(join(folder, path, "test.json"), "utf8"));
  expect((await plan(run)).options).toEqual((await plan("store/latest")).options);
});

test("a run that failed is found again in virtual time, and made smaller", async () => {
  const found = await keelhaul("reproduce", "store/latest", "--json", "--store", "found");
  expect(found.code).toBe(1);
  const { reproduced, failure, run, shrunk } = resultOf(found);
  expect([reproduced, failure]).toEqual([true, "register"]);
  for (const path of [run, shrunk.run]) {
    expect(JSON.parse(await readFile(join(folder, path, "results.json"), "utf8")).verdict).toBe("invalid");
  }
});

test("what cannot be reproduced is refused in one sentence", async () => {
  const { code } = await keelhaul(
    "test",
    "--system",
    "memory",
    "--time-limit",
    "2s",
    "--min-load",
    "0",
    "--store",
    "fine",
  );
  expect(code).toBe(0);
  const fine = await keelhaul("reproduce", "fine/latest");
  expect([fine.code, fine.stderr]).toEqual([254, expect.stringMatching(/is valid; expected a run that failed/)]);
  const nothing = await keelhaul("rerun", "fine");
  expect([nothing.code, nothing.stderr]).toEqual([
    254,
    expect.stringMatching(/no test\.json there; expected a run folder/),
  ]);
  const record = join(folder, "fine/latest/test.json");
  const { options: _, ...older } = JSON.parse(await readFile(record, "utf8"));
  await writeFile(record, JSON.stringify(older));
  const old = await keelhaul("rerun", "fine/latest");
  expect([old.code, old.stderr]).toEqual([
    254,
    expect.stringMatching(/did not store its options; its command was `npx/),
  ]);
});
