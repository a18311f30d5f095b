import { type ChildProcess, exec, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { processIdentity } from "../hosts/agent/process-state.ts";
import { freePorts } from "../hosts/local/ports.ts";
import { findRunProcesses } from "../hosts/local/run-processes.ts";
import { patienceMs } from "./test-support/patience.ts";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
/** A folder for state and temporary files of its own, so that clusters of others are not found. */
let folder: string;
let cluster: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-cluster-test-"));
  cluster = undefined;
});
afterEach(async () => {
  if (cluster !== undefined) await stop(cluster);
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function keelhaul(...args: string[]): Promise<Ran> {
  return keelhaulWith({}, ...args);
}

async function keelhaulWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
  const { cwd, env: usual } = options();
  const own = { cwd, env: { ...usual, ...env } };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [command, ...args], own)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

function options() {
  return { cwd: folder, env: { ...process.env, TMPDIR: folder, XDG_STATE_HOME: stateHome() } };
}

const stateHome = () => join(folder, "state");
const stateFiles = async () =>
  (await readdir(stateHome(), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

/** A cluster that has a leader, and what it printed until then. */
async function startCluster(...args: string[]): Promise<{ child: ChildProcess; said: () => string }> {
  const child = spawn(process.execPath, [command, "cluster", ...args], {
    ...options(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  cluster = child;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  await expect.poll(() => said, { timeout: patienceMs }).toMatch(/leads term/);
  return { child, said: () => said };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

const kv = (...args: string[]) => keelhaul("kv", ...args);
const ownProcesses = async (pid: number | undefined) =>
  (await findRunProcesses()).filter(({ run }) => run === `cluster-${pid}`);

test("a cluster is found, written, read and changed by hand, and leaves nothing", async () => {
  const { child, said } = await startCluster();
  expect(said()).toMatch(
    /^keelhaul cluster: 3 nodes and 1 spare, data and logs in .*\n {2}n1 {2}http:\/\/127\.0\.0\.1:\d+ {2}client port/,
  );
  const asked: [args: string[], code: number, answer: unknown][] = [
    [["put", "x", "1"], 0, 1],
    [["get", "x"], 0, 1],
    [["incr", "x", "4"], 0, 5],
    [["incr", "x"], 0, 6],
    [["cas", "x", "6", '{"a":[1]}'], 0, { a: [1] }],
    [["append", "odd/key", '"e"'], 0, "e"],
    [
      ["txn", '[["r","x"],["append","odd/key",2]]'],
      0,
      [
        ["r", "x", { a: [1] }],
        ["append", "odd/key", 2],
      ],
    ],
    [["get", "odd/key", "--read", "log"], 0, ["e", 2]],
    [["delete", "x"], 0, null],
    [["--node", "n2", "get", "odd/key"], 0, ["e", 2]],
  ];
  for (const [args, code, answer] of asked) {
    const ran = await kv(...args);
    expect([args, ran.code, JSON.parse(ran.stdout), ran.stderr]).toEqual([args, code, answer, ""]);
  }
  const refused: [args: string[], code: number, sentence: RegExp][] = [
    [["get", "x"], 1, /^keelhaul: not-found: there is no key "x"$/],
    [["cas", "x", "1", "2"], 1, /^keelhaul: cas-mismatch: the key holds another value/],
    [["incr", "odd/key"], 1, /^keelhaul: wrong-type: /],
    [["get", "x", "--read", "psychic"], 1, /^keelhaul: bad-read-mode: .*expected one of local/],
    [["put", "x", "abc"], 254, /^keelhaul: value: got "abc"; expected JSON/],
    [["txn", "[[1]]"], 1, /^keelhaul: bad-body: the body: 0: expected \["r", key\]/],
    [["add-member", "n9"], 1, /^keelhaul: unknown-member: n9: no such member/],
  ];
  for (const [args, code, sentence] of refused) {
    const ran = await kv(...args);
    expect([args, ran.code, ran.stdout]).toEqual([args, code, ""]);
    expect(ran.stderr.trim()).toMatch(sentence);
  }
  expect(await stop(child)).toBe(0);
  expect(said()).toContain("stopped and cleaned up");
  expect(await ownProcesses(child.pid)).toEqual([]);
  expect(await readdir(folder)).toEqual(["state"]);
  expect(await stateFiles()).toEqual([]);
});

const curlWorks = spawnSync("curl", ["--version"]).status === 0;

test.runIf(curlWorks)("the printed curl line works, with a file that only this user can read", async () => {
  const { child, said } = await startCluster("--nodes", "1", "--spares", "0", "--data", "data");
  const line = /^ {2}(curl .* -H @(\S+) http:\S+)$/m.exec(said());
  const { stdout } = await promisify(exec)(line?.[1] ?? "exit 1");
  expect(JSON.parse(stdout)).toMatchObject({ id: "n1", role: "leader" });
  const file = line?.[2] ?? "";
  expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
  expect(await stop(child)).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test("kv asks with the token of its own user's cluster, or with the one that it is given", async () => {
  const { said } = await startCluster("--nodes", "1", "--spares", "0", "--data", "data");
  const address = /http:\/\/(\S+)/.exec(said())?.[1] ?? "";
  expect(await kv("--cluster", address.replace("127.0.0.1", "localhost"), "put", "x", "1")).toMatchObject({ code: 0 });
  // As another user, who has neither the announcement nor the file.
  const elsewhere = (...args: string[]) => keelhaulWith({ XDG_STATE_HOME: join(folder, "other") }, "kv", ...args);
  const refused = await elsewhere("--cluster", address, "get", "x");
  expect(refused.stderr).toMatch(/^keelhaul: unauthorized: Authorization is missing; .*http-token/);
  expect(refused.code).toBe(1);
  const file = join(folder, "data", "http-token");
  expect(await elsewhere("--cluster", address, "--token-file", file, "get", "x")).toMatchObject({ stdout: "1\n" });
  await writeFile(join(folder, "token"), `${"0".repeat(64)}\n`);
  const wrong = await kv("--cluster", address, "--token-file", "token", "get", "x");
  expect(wrong.stderr).toMatch(/^keelhaul: unauthorized: Authorization has another token; /);
});

test("a spare is added, promoted, and takes the place of another", async () => {
  const { said } = await startCluster("--nodes", "1");
  expect(said()).toContain("n2 is a spare");
  expect(await kv("promote", "n2")).toMatchObject({ code: 1, stderr: expect.stringContaining("unknown-member") });
  expect((await kv("add-member", "n2")).stderr).toBe("");
  await expect.poll(said, { timeout: patienceMs }).toMatch(/n2 learns from n1/);
  await expect.poll(async () => (await kv("promote", "n2")).stderr, { timeout: patienceMs }).toBe("");
  expect((await kv("remove-member", "n1")).stderr).toBe("");
  for (const end of [/n2 leads term/, /learns[\s\S]*n1 is a spare/]) {
    await expect.poll(said, { timeout: patienceMs }).toMatch(end);
  }
  expect(JSON.parse((await kv("members")).stdout)).toMatchObject({ incoming: ["n2"], outgoing: [], learners: [] });
});

test("data that is kept is there again, on the ports that were asked for", async () => {
  const [base] = await freePorts(1);
  const args = ["--data", "data", "--base-port", String(base), "--nodes", "1"];
  const first = await startCluster(...args);
  expect(first.said()).toContain(`n1  http://127.0.0.1:${base! + 1}  client port 127.0.0.1:${base! + 101}`);
  expect((await kv("put", "x", "7")).code).toBe(0);
  const second = await keelhaul("cluster", "--data", "data");
  expect(second).toMatchObject({
    code: 254,
    stdout: "",
    stderr: expect.stringMatching(/^keelhaul: --data: .* uses .*data; stop it or choose another folder\n$/),
  });
  const sharing = await keelhaul("cluster", "--base-port", String(base));
  expect(sharing.stderr).toBe(
    `keelhaul: --base-port: another program already listens on 127.0.0.1:${base! + 1}; choose another port\n`,
  );
  expect(sharing.code).toBe(254);
  expect(await stop(first.child, "SIGTERM")).toBe(0);
  expect(existsSync(join(folder, "data"))).toBe(true);
  await startCluster(...args);
  expect((await kv("--cluster", `127.0.0.1:${base! + 1}`, "get", "x")).stdout).toBe("7\n");
});

test("what a killed command left is cleaned", async () => {
  const { child, said } = await startCluster("--nodes", "1");
  const stateDir = /logs in (.*)\n/.exec(said())?.[1] ?? "";
  await stop(child, "SIGKILL");
  expect((await ownProcesses(child.pid)).length).toBeGreaterThan(0);
  expect((await kv("get", "x")).stderr).toMatch(/^keelhaul: no cluster is running/);
  expect(existsSync(stateDir)).toBe(true);
  const { stdout } = await keelhaul("clean");
  expect(stdout).toContain(`removed ${stateDir} of run cluster-${child.pid}, whose controller is gone`);
  expect(stdout).toContain(`removed the record of a cluster whose command, process ${child.pid}, is gone`);
  expect(await stateFiles()).toEqual([]);
  expect(await ownProcesses(child.pid)).toEqual([]);
  expect(existsSync(stateDir)).toBe(false);
});

test("what another user planted in the temporary folder is neither cleaned nor believed", async () => {
  const precious = join(folder, "precious");
  await mkdir(precious);
  const planted = join(folder, `keelhaul-clusters-${userInfo().uid}`);
  await mkdir(planted, { mode: 0o777 });
  const nodes = [{ id: "n1", http: "127.0.0.1:1" }];
  const record = { startedAt: "2026-01-01T00:00:00.000Z", stateDir: precious, temporary: true, nodes };
  const dead = JSON.stringify({ ...record, controller: "4194305:1" });
  await writeFile(join(planted, "1.json"), `${dead}\n`);
  const alive = JSON.stringify({ ...record, controller: await processIdentity(process.pid) });
  await writeFile(join(planted, "2.json"), `${alive}\n`);
  expect((await kv("get", "x")).stderr).toMatch(/^keelhaul: no cluster is running/);
  await keelhaul("clean");
  expect(existsSync(precious)).toBe(true);
  expect((await readdir(planted)).sort()).toEqual(["1.json", "2.json"]);
});

describe("bad input is one sentence", () => {
  test.each([
    [["kv", "get", "x"], 254, /no cluster is running; start one with `keelhaul cluster`, or name one with --cluster/],
    [["kv", "--cluster", "nowhere", "get", "x"], 254, /--cluster: got "nowhere"; expected HOST:PORT, several by comma/],
    [["kv", "put", "x", "1"], 254, /no cluster is running/],
    [["kv", "get", ""], 254, /key: got an empty one/],
    [["kv", "--token-file", "none", "get", "x"], 254, /--token-file: .*none.*/],
    [["kv", "--token-file", command, "get", "x"], 254, /--token-file: ".*main.js" has no token; expected 64 hex/],
    [["kv", "dance"], 254, /unknown command 'dance'/],
    [["kv", "get"], 254, /missing required argument 'key'/],
    [["cluster", "--nodes", "none"], 254, /--nodes: got "none"; expected a whole number from 1 to 15/],
    [["cluster", "--spares", "-1"], 254, /--spares: got "-1"; expected a whole number from 0 to 9/],
    [["cluster", "--set", "warpDrive=on"], 254, /--set warpDrive: no such knob of raft; known are electionTimeoutMs/],
    [["cluster", "--read-mode", "psychic"], 254, /--read-mode: got "psychic"; expected one that raft has: local/],
    [["cluster", "--base-port", "high"], 254, /--base-port: got "high"; expected a port from 1024 to/],
  ])("keelhaul %j", async (args, code, sentence) => {
    const ran = await keelhaul(...args);
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect([ran.stdout, ran.code]).toEqual(["", code]);
  });

  test("nobody answers", async () => {
    const [port] = await freePorts(1);
    const ran = await kv("--cluster", `127.0.0.1:${port}`, "get", "x");
    expect(ran.stderr).toBe(`keelhaul: not-sent: no node answers; asked 127.0.0.1:${port}\n`);
    expect(ran.code).toBe(1);
  });

  test("a folder that holds something else", async () => {
    await mkdir(join(folder, "data", "data"), { recursive: true });
    await writeFile(join(folder, "data", "data", "n1"), "a file");
    const ran = await keelhaul("cluster", "--data", "data", "--nodes", "1");
    expect(ran.stderr).toMatch(/^keelhaul: .*data.*\n$/);
    expect(ran.code).toBe(254);
    expect(await readFile(join(folder, "data", "data", "n1"), "utf8")).toBe("a file");
  });
});
