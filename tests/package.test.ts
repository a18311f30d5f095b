import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What a user has who installs the package in a project of their own, with each of these versions of Node on the PATH. */
const tooOld = ["20", "22"] as const;
const able = "24";
const versions = [...tooOld, able];

const root = join(import.meta.dirname, "..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-package-"));
  await installNodes();
  await run(root, "npm", ["pack", "--ignore-scripts", "--pack-destination", folder]);
  const app = appOf(able);
  await mkdir(app, { recursive: true });
  await writeFile(join(app, "package.json"), '{ "private": true, "type": "module" }');
  const { version, devDependencies: dev } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const tools = [`vitest@${dev.vitest}`, `typescript@${dev.typescript}`];
  await run(app, "npm", ["install", "--ignore-scripts", join(folder, `keelhaul-${version}.tgz`), ...tools]);
  await writeFile(join(app, "readme.test.ts"), await vitestExample());
  await writeFile(join(app, "library.mjs"), library);
  for (const old of tooOld) await cp(app, appOf(old), { recursive: true, verbatimSymlinks: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const library = `import { runTest } from "keelhaul";
const { results } = await runTest({ system: "memory", timeLimit: "2s" });
console.log(results.verdict);
`;

describe.each(tooOld)("on Node %s", (version) => {
  const sentence = new RegExp(
    `needs Node 24 or newer, and this is v${version}\\.\\d+\\.\\d+\\. .* run \`([^\`]+)\` here`,
  );

  test.each([["--version"], ["--help"], ["test --system memory --time-limit 2s"]])(
    "the command says in one line what it needs, and exits with 254: keelhaul %s",
    async (options) => {
      const { code, stdout, stderr } = await runOn(version, `npx keelhaul ${options}`);
      expect({ code, stdout }).toEqual({ code: 254, stdout: "" });
      expect(stderr).toMatch(sentence);
      expect(stderr.match(/^keelhaul: .*$/gm)).toHaveLength(1);
    },
  );

  test.each([["node library.mjs"], ["npx vitest run"]])("the library says the same: %s", async (command) => {
    const { code, stdout, stderr } = await runOn(version, command);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(sentence);
  });

  test("what it says to do makes the command, the library and vitest work", async () => {
    const [, remedy] = sentence.exec((await runOn(version, "npx keelhaul --version")).stderr)!;
    expect(await runOn(version, remedy!)).toMatchObject({ code: 0 });
    expect(await runOn(version, "npx keelhaul test --system memory --time-limit 2s")).toMatchObject({ code: 0 });
    expect(await runOn(version, "npx node library.mjs")).toMatchObject({ code: 0, stdout: "valid\n" });
    expect(await runOn(version, "npx vitest run")).toMatchObject({ code: 0 });
  });
});

describe(`on Node ${able}`, () => {
  test("the command shows its version and its help", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(await runOn(able, "npx keelhaul --version")).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(await runOn(able, "npx keelhaul --help")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: keelhaul/),
    });
  });

  test("the command runs a test, and its report is there", async () => {
    const { code, stdout } = await runOn(able, "npx keelhaul test --system memory --time-limit 2s --json");
    expect(code).toBe(0);
    const { verdict, report } = JSON.parse(stdout);
    expect(verdict).toBe("valid");
    expect(await readFile(join(appOf(able), report), "utf8")).toMatch(/^<!doctype html>/i);
  });

  test("the command runs real nodes, from the programs that the package has", async () => {
    const { code, stdout } = await runOn(able, "npx keelhaul test --time-limit 3s --nodes 3 --json");
    expect({ code, verdict: JSON.parse(stdout).verdict }).toEqual({ code: 0, verdict: "valid" });
  });

  test("the schedule that the README replays is in the package", async () => {
    const file = "node_modules/keelhaul/tests/schedules/M24.json";
    const { code, stdout } = await runOn(able, `npx keelhaul test --schedule ${file} --quiet`);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "INVALID: mutant M24 (commit-old-term) detected: invariants: I4 (Leader Completeness) was broken",
    );
  });

  test("the library runs a test", async () => {
    expect(await runOn(able, "node library.mjs")).toMatchObject({ code: 0, stdout: "valid\n" });
  });

  test("a program that is no module gets the library by require", async () => {
    const program =
      'require("keelhaul").runTest({ system: "memory", timeLimit: "1s" }).then((it) => console.log(it.results.verdict))';
    await writeFile(join(appOf(able), "library.cjs"), program);
    expect(await runOn(able, "node library.cjs")).toMatchObject({ code: 0, stdout: "valid\n" });
  });

  test("the README's example for vitest passes", async () => {
    expect(await runOn(able, "npx vitest run")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Tests +1 passed/),
    });
  });

  test.each([["--module nodenext"], ["--module esnext --moduleResolution bundler"]])(
    "its types resolve in a strict program, dependencies checked too: tsc %s",
    async (resolution) => {
      await writeFile(join(appOf(able), "typed.ts"), typedProgram);
      const options = `--noEmit --strict --skipLibCheck false --target es2024 ${resolution}`;
      expect(await runOn(able, `npx tsc ${options} typed.ts`)).toMatchObject({ code: 0, stdout: "" });
    },
  );

  test("the package has what it runs with, and no sources, tests or source maps", async () => {
    const { stdout } = await runOn(able, "cd node_modules/keelhaul && find . -type f");
    const files = stdout.trim().split("\n");
    const wrong = files.filter((file) => /\.test\.|\.map$|test-support|\.tsx$|(?<!\.d)\.ts$/.test(file));
    expect(wrong).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["./LICENSE", "./README.md", "./dist/bundles/raft-node.mjs"]));
  });
});

const typedProgram = `import { generators, type Outcome, type PlanOptions, type Progress, runTest, UsageError } from "keelhaul";

const options: PlanOptions = { system: "memory", timeLimit: "2s" };
try {
  const { results, report }: Outcome = await runTest(options, { tell: (progress: Progress) => void progress.type });
  console.log(results.verdict, report, typeof generators.mix);
} catch (error) {
  if (error instanceof UsageError) console.log(error.message);
}
// @ts-expect-error: no option of a test
await runTest({ colour: "blue" });
`;

/** The block of the README that imports vitest, as it is printed there. */
async function vitestExample(): Promise<string> {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  return blocks.find((code) => code.includes('from "vitest"'))!;
}

/** Binaries of Node as npm has them, a package a version, without an install script. */
async function installNodes(): Promise<void> {
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const packages = versions.map(
    (version) => `node${version}@npm:${prefix}-${process.platform}-${process.arch}@${version}`,
  );
  await mkdir(nodesFolder());
  await writeFile(join(nodesFolder(), "package.json"), "{}");
  await run(nodesFolder(), "npm", ["install", ...packages]);
}

const nodesFolder = () => join(folder, "nodes");
const appOf = (version: string) => join(folder, `app-${version}`);

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line for the shell, in the project that has this version of Node on its PATH; any exit code. */
async function runOn(version: string, line: string): Promise<Ran> {
  const path = [join(nodesFolder(), "node_modules", `node${version}`, "bin"), ...usersPath()].join(delimiter);
  try {
    return { code: 0, ...(await run(appOf(version), "bash", ["-c", line], path)) };
  } catch (error) {
    return error as Ran;
  }
}

function run(cwd: string, program: string, args: readonly string[], path = usersPath().join(delimiter)) {
  return promisify(execFile)(program, args, { cwd, env: { ...usersEnvironment(), PATH: path } });
}

/** Without the programs of this checkout, its own Node among them. */
function usersPath(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter).filter((entry) => !entry.includes("node_modules"));
}

/** Without what npm and vitest tell the programs that they start. */
function usersEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_(?!config_)|npm_config_local_prefix|VITE|NODE_ENV|INIT_CWD|TEST$|FORCE_COLOR)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), npm_config_prefer_offline: "true", NO_COLOR: "1" };
}
