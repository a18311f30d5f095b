import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MutantsDigest } from "../reports/mutants/digest.ts";

const root = join(import.meta.dirname, "..");

let store: string;
beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-mutants-"));
});
afterAll(() => rm(store, { recursive: true, force: true }));

const keelhaul = (...args: string[]) =>
  execa(process.execPath, [join(root, "cli/main.ts"), "mutants", "--store", store, ...args], { reject: false });

test("a mutant is caught from inside and from outside, and its row leads to the reports of both", async () => {
  const args = ["--only", "M40", "--seeds", "3", "--control-seeds", "2", "--time-limit", "60s", "--json", "--quiet"];
  const { stdout, exitCode } = await keelhaul(...args);
  const result = JSON.parse(stdout.split("\n").at(-1)!);
  expect(result).toMatchObject({ verdict: "valid", mutants: 1, caught: 1, missed: [], accused: [] });
  expect(result).toMatchObject({ visibleFromOutside: { of: 1, caught: 1 }, interrupted: false });
  const [{ byInvariants, fromOutside }] = result.lines;
  expect(byInvariants).toMatchObject({ found: { failure: "I19", seed: byInvariants.seeds } });
  expect(fromOutside.virtualSeconds).toBeGreaterThan(60 * fromOutside.seeds);
  expect(exitCode).toBe(0);
  const { digest, title } = await pageOf(result.report);
  expect(title).toBe("1 of 1 mutants of raft detected - Keelhaul");
  const links = linksIn(digest, result.report);
  expect(links).toHaveLength(2);
  const record = JSON.parse(await readFile(join(dirname(links[1]!), "test.json"), "utf8"));
  expect(record.mutant).toMatchObject({ id: "M40", name: "read-leader-local" });
  expect(record.command).toContain("--no-invariants");
  for (const link of links) expect(await readFile(link, "utf8")).toContain("read-leader-local");
});

test("a simulated test of a mutant tries seeds until one detects it, and says which checkers did", async () => {
  const args = ["test", "--backend", "sim", "--mutant", "M35", "--store", store, "--json", "--quiet"];
  const { stdout, exitCode } = await execa(process.execPath, [join(root, "cli/main.ts"), ...args], { reject: false });
  const { mutant, seed, summary, report } = JSON.parse(stdout.split("\n").at(-1)!);
  expect(mutant).toMatchObject({ id: "M35", detected: true, by: ["invariants"], seedsTried: seed });
  expect(summary).toMatch(/^mutant M35 \(.+\) detected: invariants: I12 /);
  expect(await readFile(report, "utf8")).toContain(`mutant M35 (${mutant.name}) detected`);
  expect(exitCode).toBe(1);
});

test.each([
  [["--only", "M99"], 'keelhaul: --only: got "M99"; did you mean "M09"? Expected one of the '],
  [["--seeds", "none"], 'keelhaul: --seeds: got "none"; expected a whole number from 1 to 1000000'],
])("%s is refused in one sentence", async (args, sentence) => {
  const { stderr, exitCode } = await keelhaul(...args);
  expect(stderr).toContain(sentence);
  expect(exitCode).toBe(254);
});

test("on real processes a mutant is caught by what clients saw, in a run that has its folder", async () => {
  const args = [
    "--backend",
    "local",
    "--only",
    "M25,M40",
    "--seeds",
    "3",
    "--control-seeds",
    "1",
    "--time-limit",
    "12s",
  ];
  const { stdout, exitCode } = await keelhaul(...args, "--json", "--quiet");
  const result = JSON.parse(stdout.split("\n").at(-1)!);
  expect(result).toMatchObject({ verdict: "valid", caught: 2, accused: [], visibleFromOutside: { of: 2, caught: 2 } });
  expect(exitCode).toBe(0);
  const { digest } = await pageOf(result.report);
  const links = linksIn(digest, result.report);
  expect(links).toHaveLength(2);
  for (const link of links) await readFile(link, "utf8");
});

test.each([
  ["sim", []],
  ["local", ["--only", "M40", "--time-limit", "60s"]],
])(
  "Ctrl-C on %s ends it soon, with what was found, and leaves nothing running",
  async (backend, more) => {
    const command = keelhaul("--backend", backend, "--json", ...more);
    const nodes = async () => (await processesOf(store)).filter((pid) => pid !== command.pid);
    if (backend === "local") await expect.poll(nodes).not.toEqual([]);
    else await once(command.stderr, "data");
    command.kill("SIGINT");
    const { stdout, stderr, exitCode } = await command;
    expect(stderr).toContain("SIGINT: stopping, and reporting what was found so far");
    const result = JSON.parse(stdout.split("\n").at(-1)!);
    expect(result).toMatchObject({ verdict: "unknown", interrupted: true });
    expect(exitCode).toBe(2);
    expect((await pageOf(result.report)).digest.interrupted).toBe(true);
    expect(await nodes()).toEqual([]);
  },
  120_000,
);

/** What a page shows: its title, and the data that it is drawn from. */
async function pageOf(file: string): Promise<{ title: string; digest: MutantsDigest }> {
  const html = await readFile(file, "utf8");
  const [, title] = /<title>(.*?)<\/title>/.exec(html)!;
  const [, data] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(html)!;
  return { title: title!, digest: JSON.parse(data!).digest };
}

/** The reports that the rows of a page lead to. */
function linksIn({ rows }: MutantsDigest, page: string): string[] {
  const found = rows.flatMap(({ byInvariants, fromOutside }) => [byInvariants?.found, fromOutside.found]);
  return found.flatMap((one) => (one?.report == null ? [] : [join(dirname(page), one.report)]));
}

/** Processes whose command line names the folder. */
async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids.filter((_, place) => commands[place]!.includes(folder)).map(Number);
}
