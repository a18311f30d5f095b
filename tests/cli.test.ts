import { execFile } from "node:child_process";
import { access, constants, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function keelhaul(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const options = { cwd: folder, env: { ...process.env, ...env } };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [command, ...args], options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

test("what a build leaves can be executed: npx starts it as it is", async () => {
  await access(command, constants.X_OK);
});

describe("bad input is one sentence that names the option, the value and what was expected, with exit code 254", () => {
  test.each([
    [
      ["test", "--nemesis", "earthquake"],
      /--nemesis: got "earthquake"; expected all, none, or some of partition, kill, pause/,
    ],
    [
      ["test", "--nemesis", "partition:diagonal"],
      /partition has no variant "diagonal"; expected one of halves, one, leader/,
    ],
    [["test", "--nodes", "0"], /--nodes: got "0"; expected a whole number from 1 to 15/],
    [["test", "--nodes", "1", "--nemesis", "partition"], /partition needs at least 2 nodes, and the plan has 1/],
    [["test", "--time-limit", "soon"], /--time-limit: got "soon"; expected a duration such as 30s/],
    [["test", "--time-limit", "5s", "--nemesis", "kill"], /--time-limit: got 5s; a run with faults, .*, needs 9s/],
    [["test", "--rate", "many"], /--rate: got "many"; expected operations a second/],
    [
      ["test", "--read-mode", "psychic"],
      /--read-mode: got "psychic"; expected one that raft has: local, leader, log, read-index/,
    ],
    [["test", "--backend", "moon"], /--backend: got "moon"; expected one of local, docker/],
    [["test", "--workload", "juggling"], /--workload: got "juggling"; expected one of register/],
    [["test", "--set", "warpDrive=on"], /--set warpDrive: no such knob of raft; known are electionTimeoutMs/],
    [["test", "--set", "electionTimeoutMs=soon"], /--set electionTimeoutMs: got "soon"/],
    [["test", "--set", "preVote"], /--set: got "preVote"; expected name=value/],
    [["test", "--config", "missing.yaml"], /--config: cannot open "missing.yaml": there is no such file or folder/],
    [["test", "--colour", "blue"], /unknown option '--colour'/],
    [["test", "--schedule", "missing.json"], /--schedule: cannot open "missing.json": there is no such file or folder/],
    [["test", "--shrink"], /--shrink: works only with --backend sim; this run uses local/],
    [["sim", "--threads", "0"], /--threads: got "0"; expected a whole number from 1 to 256/],
    [["mutants", "--seeds", "none"], /--seeds: got "none"; expected a whole number from 1 to 1000000/],
    [["sim", "--seeds", "9..1"], /--seeds: got "9..1"; expected a seed such as 17, or a range such as 1..1000/],
    [
      ["sim", "--system", "memory", "--nemesis", "kill"],
      /--nemesis: kill needs kill, which system memory in virtual time does not support/,
    ],
    [["sim", "--read-mode", "psychic"], /--read-mode: got "psychic"; expected one that raft has: local/],
    [["clean", "--keep", "5"], /--keep: works only with --runs/],
    [["clean", "--runs"], /--runs needs a limit: add --older-than, --keep or --max-size/],
    [["dance"], /unknown command 'dance'/],
    [["analyze", "nowhere"], /nowhere/],
    [["analyze"], /missing required argument 'run'/],
  ])("keelhaul %j", async (args, sentence) => {
    const { code, stdout, stderr } = await keelhaul(args);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(code).toBe(254);
    expect(await readdir(folder)).not.toContain("store");
  });

  test("an unknown option in the configuration file", async () => {
    await writeFile(join(folder, "keelhaul.yaml"), "nodes: 3\nnodez: 4\n");
    const { code, stderr } = await keelhaul(["test", "--config", "keelhaul.yaml"]);
    expect(stderr).toMatch(/keelhaul.yaml:2: nodez: no such option; did you mean "nodes"/);
    expect(code).toBe(254);
  });

  test("Docker that does not run", async () => {
    const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    const { code, stderr } = await keelhaul(["test", "--backend", "docker"], env);
    expect(stderr).toMatch(/no daemon answers/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(254);
  });
});

describe("a history that cannot be judged is unknown, with the reason in a sentence, and exit code 2", () => {
  test("a damaged line in the middle of a history", async () => {
    const lines = [
      '{"index":0,"time":1,"process":0,"type":"invoke","f":"write","key":"k","value":1}',
      '{"index":1,"time":2,"proc',
      '{"index":2,"time":3,"process":0,"type":"ok","f":"write","key":"k","value":1}',
    ];
    await writeFile(join(folder, "damaged.jsonl"), `${lines.join("\n")}\n`);
    const { code, stdout } = await keelhaul(["analyze", "damaged.jsonl", "--json"]);
    const { verdict, summary } = JSON.parse(stdout);
    expect(verdict).toBe("unknown");
    expect(summary).toMatch(/damaged\.jsonl:2: found .*, expected one JSON object/);
    expect(code).toBe(2);
  });

  test("an empty history was not checked, so it is unknown", async () => {
    await writeFile(join(folder, "empty.jsonl"), "");
    const { code, stdout } = await keelhaul(["analyze", "empty.jsonl", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "unknown" });
    expect(code).toBe(2);
  });
});

test("help names every subcommand, fault and exit code", async () => {
  const { stdout, code } = await keelhaul(["--help"]);
  for (const word of ["test", "analyze", "report", "doctor", "clean", "254"]) expect(stdout).toContain(word);
  expect(code).toBe(0);
  const help = await keelhaul(["test", "--help"]);
  for (const word of ["partition", "kill", "pause", ":one-way"]) expect(help.stdout).toContain(word);
});

test("a history file by itself is judged and explained", async () => {
  const lines = [
    '{"index":0,"time":1000000,"process":0,"type":"invoke","f":"write","key":"k","value":1}',
    '{"index":1,"time":2000000,"process":0,"type":"ok","f":"write","key":"k","value":1,"node":"n1"}',
    '{"index":2,"time":3000000,"process":0,"type":"invoke","f":"write","key":"k","value":2}',
    '{"index":3,"time":4000000,"process":0,"type":"ok","f":"write","key":"k","value":2,"node":"n1"}',
    '{"index":4,"time":5000000,"process":1,"type":"invoke","f":"read","key":"k","value":null}',
    '{"index":5,"time":6000000,"process":1,"type":"ok","f":"read","key":"k","value":1,"node":"n2"}',
  ];
  await writeFile(join(folder, "stale.jsonl"), `${lines.join("\n")}\n`);
  const { code, stdout } = await keelhaul(["analyze", "stale.jsonl"]);
  expect(stdout).toMatch(/n2 answered 1 to process 1/);
  expect(code).toBe(1);
});
