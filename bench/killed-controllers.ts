import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HistoryEvent } from "../history/event.ts";
import { docker } from "../hosts/docker/backend.ts";
import { inContainer } from "../hosts/docker/machines.ts";
import { findRunProcesses } from "../hosts/local/run-processes.ts";
import { ensureUsable } from "../hosts/requirements.ts";
import { randomStream } from "../random/stream.ts";
import { askOverHttp, type HttpTarget } from "../sut/raft/client/http.ts";
import { secretVariable } from "../sut/raft/node/config.ts";
import { raftPorts } from "../sut/raft/ports.ts";
import { httpToken } from "../sut/raft/protocol/http-token.ts";

/**
 * Kills controllers with SIGKILL at random moments of their runs, and looks at what they leave: damaged lines, effects
 * without causes, faults that stay on, and what `keelhaul clean` removes.
 * Usage: node bench/killed-controllers.ts [runs] [backend] [seed]; needs `npm run build`.
 */
const runs = Number(process.argv[2] ?? 100);
const backend = process.argv[3] ?? "local";
const seed = Number(process.argv[4] ?? 1);
const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
const work = mkdtempSync(join(tmpdir(), "keelhaul-killed-"));
const env = { ...process.env, XDG_STATE_HOME: join(work, "state") };
const random = randomStream(seed, "kills");
/** The longest that a run goes on before it is killed. */
const longestMs = backend === "docker" ? 8000 : 5000;
const keys = Array.from({ length: 8 }, (_, number) => `k${number}`);

interface Killed {
  readonly atMs: number;
  readonly lines: number;
  readonly damagedLines: number;
  readonly missingLines: number;
  readonly withoutCause: number;
  readonly valuesRead: number;
  readonly faultsGoneMs: number | null;
  readonly leftBefore: number;
  readonly leftAfter: number;
}

async function killOne(number: number): Promise<Killed> {
  const store = join(work, `store-${number}`);
  const atMs = random.integer(0, longestMs);
  const args = ["--backend", backend, "--nodes", "3", "--nemesis", "partition,pause", "--time-limit", "60s"];
  const options = [...args, "--rate", "1000", "--seed", String(seed + number), "--store", store, "--quiet"];
  const controller = spawn(process.execPath, [command, "test", ...options], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  // One of eight is killed while it starts, the others at some time after their load begins.
  if (number % 8 !== 0)
    await until(() => readFileSync(historyOf(store) ?? "/dev/null", "utf8").includes('"phase":"load"'));
  await Promise.race([sleep(atMs), once(controller, "exit")]);
  controller.kill("SIGKILL");
  if (controller.exitCode === null) await once(controller, "exit");
  const killedMs = performance.now();
  const file = historyOf(store);
  const text = file === null ? "" : readFileSync(file, "utf8");
  const events = parseLines(text);
  const nodes = await nodesOf(controller);
  const { values, faultsGoneMs } = await readAll(nodes, killedMs);
  const leftBefore = await countLeft(controller, store);
  spawnSync(process.execPath, [command, "clean"], { env });
  const leftAfter = await countLeft(controller, store);
  rmSync(store, { recursive: true, force: true });
  return {
    ...{ atMs, faultsGoneMs, leftBefore, leftAfter },
    lines: events.good.length,
    damagedLines: events.damaged,
    missingLines: events.good.filter(({ index }, place) => index !== place).length,
    withoutCause: countWithoutCause(events.good, values),
    valuesRead: values.length,
  };
}

/** The run's history, once it is there. */
function historyOf(store: string): string | null {
  const [run] = existsSync(join(store, "register")) ? readdirSync(join(store, "register")) : [];
  const file = join(store, "register", run ?? "", "history.jsonl");
  return existsSync(file) ? file : null;
}

const startWithinMs = 60_000;

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds() && waitedMs < startWithinMs; waitedMs += 20) await sleep(20);
}

function parseLines(text: string): { good: HistoryEvent[]; damaged: number } {
  const lines = text.split("\n");
  const torn = lines.pop() === "" ? 0 : 1;
  const good = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as HistoryEvent];
    } catch {
      return [];
    }
  });
  return { good, damaged: lines.length - good.length + torn };
}

/** Values in the store, or in answers of the history, that no invocation in the history has written. */
function countWithoutCause(events: readonly HistoryEvent[], values: readonly unknown[]): number {
  const invoked = new Set<unknown>([null]);
  let without = 0;
  for (const { process, type, f, value } of events) {
    if (typeof process !== "number") continue;
    if (type === "invoke" && f === "write") invoked.add(value);
    if (type === "invoke" && f === "cas") invoked.add((value as unknown[])[1]);
    if (type === "ok" && f === "read" && !invoked.has(value)) without++;
  }
  return without + values.filter((value) => !invoked.has(value)).length;
}

/** Of local runs; containers are asked through the engine's own ports. */
async function nodesOf(controller: ChildProcess): Promise<HttpTarget[]> {
  if (backend === "docker") return dockerNodes(controller);
  const own = (await findRunProcesses()).filter((each) => each.controller.startsWith(`${controller.pid}:`));
  return own.flatMap((each) => {
    const [, , flag, config] = readFileSync(`/proc/${each.pid}/cmdline`, "utf8").split("\0");
    if (flag !== "--config" || config === undefined) return [];
    const { http } = (JSON.parse(config) as { listen: { http: { host: string; port: number } } }).listen;
    const address = `${http.host}:${http.port}`;
    return [{ address, token: tokenFrom(readFileSync(`/proc/${each.pid}/environ`, "utf8")) }];
  });
}

/** The HTTP token of the node that has this environment. */
function tokenFrom(environment: string): string {
  return httpToken(new RegExp(`${secretVariable}=(\\w+)`).exec(environment)?.[1] ?? "");
}

/** Inside of every container. */
const httpPort = inContainer.agentPort + 1 + Object.keys(raftPorts).indexOf("http");

function dockerNodes(controller: ChildProcess): HttpTarget[] {
  return containersOf(controller).flatMap((name) => {
    const [address] = dockerSays("port", name, `${httpPort}/tcp`);
    const environments = dockerSays("exec", name, "sh", "-c", "cat /proc/[0-9]*/environ").join("\n");
    return address === undefined ? [] : [{ address, token: tokenFrom(environments) }];
  });
}

function containersOf({ pid }: ChildProcess): string[] {
  const format = '{{.Names}} {{.Label "keelhaul.controller"}}';
  const listed = dockerSays("ps", "--all", "--filter", "label=keelhaul.run", "--format", format);
  return listed.flatMap((line) => {
    const [name = "", controller = ""] = line.split(" ");
    return controller.startsWith(`${pid}:`) ? [name] : [];
  });
}

function dockerSays(...args: string[]): string[] {
  return spawnSync("docker", args, { encoding: "utf8" })
    .stdout.trim()
    .split("\n")
    .filter((line) => line !== "");
}

/** Every key as the surviving nodes agree on it, and how long after the kill every node answered again. */
async function readAll(
  nodes: readonly HttpTarget[],
  killedMs: number,
): Promise<{ values: unknown[]; faultsGoneMs: number | null }> {
  if (nodes.length === 0) return { values: [], faultsGoneMs: null };
  const deadlineMs = killedMs + 15_000;
  let faultsGoneMs: number | null = null;
  while (faultsGoneMs === null && performance.now() < deadlineMs) {
    const answers = await Promise.all(nodes.map((node) => get(node, "k0")));
    if (answers.every((answer) => answer !== undefined)) faultsGoneMs = performance.now() - killedMs;
    else await sleep(50);
  }
  const reads = await Promise.all(keys.flatMap((key) => nodes.map(async (node) => (await get(node, key))?.value)));
  return { values: reads.filter((value) => value !== undefined), faultsGoneMs };
}

/** A linearizable read through any node; undefined when it was not answered. */
async function get(node: HttpTarget, key: string): Promise<{ value: unknown } | undefined> {
  try {
    const response = await askOverHttp(node, { path: `/kv/${key}` }, 1000);
    if (response.status === 404) return { value: null };
    if (!response.ok) return undefined;
    return { value: await response.json() };
  } catch {
    return undefined;
  }
}

/** Processes or containers of the run, its data folder, and records of it. */
async function countLeft(killed: ChildProcess, store: string): Promise<number> {
  const processes = (await findRunProcesses()).filter(({ controller }) =>
    controller.startsWith(`${killed.pid}:`),
  ).length;
  const containers = backend === "docker" ? containersOf(killed).length : 0;
  const files = existsSync(store) ? readdirSync(store, { recursive: true, encoding: "utf8" }) : [];
  const machines = files.filter((path) => path.endsWith("/machine")).length;
  const records = existsSync(env.XDG_STATE_HOME)
    ? readdirSync(env.XDG_STATE_HOME, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".json"))
        .length
    : 0;
  return processes + containers + machines + records;
}

if (backend === "docker") await ensureUsable(docker, {});
const all: Killed[] = [];
for (let number = 0; number < runs; number++) {
  const killed = await killOne(number);
  all.push(killed);
  process.stderr.write(`${number + 1}/${runs} ${JSON.stringify(killed)}\n`);
}
rmSync(work, { recursive: true, force: true });
const sum = (count: (killed: Killed) => number): number => all.reduce((total, each) => total + count(each), 0);
const gone = all.flatMap(({ faultsGoneMs }) => (faultsGoneMs === null ? [] : [faultsGoneMs])).sort((a, b) => a - b);
const withNodes = all.filter(({ valuesRead }) => valuesRead > 0).length;
console.log(`controllers killed       ${all.length} on ${backend}, ${withNodes} with a cluster that still answered`);
console.log(`lines recorded           ${sum(({ lines }) => lines)}`);
console.log(`damaged lines            ${sum(({ damagedLines }) => damagedLines)}`);
console.log(`missing lines            ${sum(({ missingLines }) => missingLines)}`);
console.log(`values read afterwards   ${sum(({ valuesRead }) => valuesRead)}`);
console.log(`effects without a cause  ${sum(({ withoutCause }) => withoutCause)}`);
console.log(
  `every node answers after ${((gone[gone.length >> 1] ?? 0) / 1000).toFixed(1)} s (median), ${((gone.at(-1) ?? 0) / 1000).toFixed(1)} s (longest)`,
);
console.log(
  `left before clean        ${sum(({ leftBefore }) => leftBefore)} processes, containers, folders and records`,
);
console.log(`left after clean         ${sum(({ leftAfter }) => leftAfter)}`);
