import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-compare-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function keelhaul(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

interface Compared {
  readonly verdict: string;
  readonly folder: string;
  readonly report: string;
  readonly command: string;
  readonly interrupted: boolean;
  readonly rows: readonly {
    readonly values: readonly string[];
    readonly verdict: string;
    readonly runs: readonly unknown[];
  }[];
}
const lastLine = (text: string): Compared => JSON.parse(text.trim().split("\n").at(-1)!);
const verdictsOf = ({ rows }: Compared) =>
  rows.map(({ values, verdict, runs }) => [values.join(), verdict, runs.length]);

test("one page and one table tell which choice is wrong, and the command makes the same comparison again", async () => {
  const axis = ["--axis", "set.bug=none,stale-replica"];
  const args = [
    ...axis,
    "--system",
    "memory",
    "--backend",
    "sim",
    "--time-limit",
    "5s",
    "--repeat",
    "2",
    "--seed",
    "3",
  ];
  const { code, stdout, stderr } = await keelhaul("compare", ...args, "--json");
  expect(code, stderr).toBe(1);
  const compared = lastLine(stdout);
  expect(verdictsOf(compared)).toEqual([
    ["none", "valid", 2],
    ["stale-replica", "invalid", 2],
  ]);
  expect(await readFile(join(folder, compared.report), "utf8")).toContain(
    "<title>set.bug: 2 compared - Keelhaul</title>",
  );
  const markdown = await readFile(join(folder, compared.folder, "compare.md"), "utf8");
  expect(markdown).toMatch(/^\| set\.bug \|.*\n\| --- .*\n\| none \|.*✓ valid \|\n\| stale-replica \|.*✗ 2 of 2 \|\n/);
  const words = compared.command.replaceAll("'", "").split(" ").slice(2);
  const again = await keelhaul(...words);
  expect(again.stdout).toContain("✗ 1 of 2 choices valid in every run");
});

test("an interrupted comparison is unknown, and --continue does what is left", async () => {
  const args = ["--axis", "workload=register,counter,set", "--system", "memory", "--time-limit", "2s", "--repeat", "1"];
  const running = spawn(process.execPath, [command, "compare", ...args, "--json"], { cwd: folder });
  const outputs = { stdout: "", stderr: "" };
  running.stdout.on("data", (chunk: Buffer) => (outputs.stdout += chunk));
  running.stderr.on("data", (chunk: Buffer) => (outputs.stderr += chunk));
  const record = async (): Promise<number> => {
    const { stdout } = await promisify(execFile)("find", ["store/compare", "-name", "compare.json"], { cwd: folder });
    const newest = stdout.trim().split("\n").toSorted().at(-1)!;
    return JSON.parse(await readFile(join(folder, newest), "utf8")).runs.length;
  };
  await expect.poll(async () => (await record()) === 1).toBe(true);
  running.kill("SIGINT");
  const [code] = await once(running, "close");
  expect(code, outputs.stderr).toBe(2);
  const stopped = lastLine(outputs.stdout);
  expect(stopped).toMatchObject({ verdict: "unknown", interrupted: true });
  expect(stopped.rows.length).toBeLessThan(3);
  const completed = await keelhaul("compare", "--continue", stopped.folder, "--json");
  expect(completed.code, completed.stderr).toBe(0);
  expect(verdictsOf(lastLine(completed.stdout))).toEqual([
    ["register", "valid", 1],
    ["counter", "valid", 1],
    ["set", "valid", 1],
  ]);
});

test.each([
  [["--nodes", "3"], "--axis: is missing"],
  [["--axis", "read-mode=local,leese"], '--read-mode: got "leese"; did you mean "lease"?'],
  [["--axis", "read-mode=local,lease", "--read-mode", "log"], "--axis read-mode: the option is given twice"],
  [["--axis", "nodes=3,5", "--repeat", "0"], '--repeat: got "0"; expected a whole number from 1'],
  [["--continue", "nowhere"], "--continue: "],
  [["--continue", "damaged"], "damaged/compare.json: axes: is missing"],
  [["--continue", "damaged", "--nodes", "3", "--seed", "1"], "has its own options; omit --nodes and --seed"],
  [
    ["--axis", "nodes=3,5", "--no-invariants", "--axis", "invariants=true,false"],
    "--axis invariants: the option is given",
  ],
])("a wrong option is one sentence, and nothing is run: %s", async (args, sentence) => {
  await promisify(execFile)("mkdir", ["-p", join(folder, "damaged")]);
  await writeFile(join(folder, "damaged", "compare.json"), "{}");
  const store = args.includes("--continue") ? [] : ["--store", "none"];
  const { code, stderr } = await keelhaul("compare", ...args, ...store);
  expect(code).toBe(254);
  expect(stderr).toMatch(/^keelhaul: [^\n]*\n$/);
  expect(stderr).toContain(sentence);
  expect(existsSync(join(folder, "none"))).toBe(false);
});
