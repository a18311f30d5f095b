import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { messageOfLine } from "../../analysis/log-line.ts";
import { makePlan, type Plan } from "../../controller/plan/plan.ts";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { describeSystemError, isSystemError } from "../../errors/system-error.ts";
import { local } from "../../hosts/local/backend.ts";
import { createLocalHost, logOf, type PortNumbers } from "../../hosts/local/local-host.ts";
import { takenPort } from "../../hosts/local/ports.ts";
import { ensureUsable } from "../../hosts/requirements.ts";
import { httpAddress, httpTarget } from "../../sut/raft/client/http.ts";
import { type RaftPort, raftPorts } from "../../sut/raft/ports.ts";
import { wallClock } from "../../time/clock.ts";
import { announce, runningClusters } from "../cluster/announcement.ts";
import { LocalCluster, whenAllAnswer } from "../cluster/local-cluster.ts";
import { tellChanges } from "../cluster/plain.ts";
import { writeTokenFile } from "../cluster/token-file.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { takesKeys } from "../stop-keys.ts";
import { showCluster } from "../ui/cluster-live.ts";
import type { ClusterHeading } from "../ui/cluster-view.ts";
import { canRedraw } from "../ui/terminal.ts";

interface ClusterFlags {
  readonly nodes: string;
  readonly spares: string;
  readonly readMode?: string;
  readonly set?: Record<string, string>;
  readonly data?: string;
  readonly basePort?: string;
}

const startPatienceMs = 10_000;

/** `keelhaul cluster`: the Raft store by hand, to observe and to break one node at a time. */
export async function runCluster(flags: ClusterFlags): Promise<void> {
  const { nodes, readMode, set } = flags;
  const spares = parseSpares(flags.spares);
  const plan = makePlan({ nodes, ...(readMode === undefined ? {} : { readMode }), set: set ?? {} }, 0);
  await ensureUsable(local, {});
  const portNumbers =
    flags.basePort === undefined ? undefined : await portsFrom(flags.basePort, plan.nodes.length + spares);
  const stateDir = await chooseFolder(flags.data);
  const temporary = flags.data === undefined;
  // Ctrl-C while the nodes are starting is heard once they have been, so that nothing is left half made.
  await interruptible(
    stopping,
    () => undefined,
    async ({ signal, interrupt }) => {
      const cluster = await createCluster(plan, spares, {
        stateDir,
        keepsState: !temporary,
        ...(portNumbers && { portNumbers }),
      });
      let withdraw: (() => Promise<void>) | undefined;
      try {
        withdraw = await publish(cluster, stateDir);
        await start(cluster, stateDir);
        await watch(cluster, headingOf(cluster, plan, spares, stateDir), { signal, quit: () => interrupt("q") });
      } finally {
        await cluster.stop();
        await withdraw?.();
      }
      process.stdout.write(temporary ? "stopped and cleaned up\n" : `stopped; the data is in ${stateDir}\n`);
    },
  );
}

function headingOf({ nodes }: LocalCluster, plan: Plan, spares: number, stateDir: string): ClusterHeading {
  const parts = `${plan.nodes.length} nodes${spares === 0 ? "" : ` and ${spares} spare`}`;
  return {
    title: `keelhaul cluster: ${parts}, data and logs in ${stateDir}`,
    curl: `curl -s --location-trusted -H @${tokenFileIn(stateDir)} http://${httpAddress(nodes[0]!)}/status`,
  };
}

/** Lets `keelhaul kv` and curl of this user in. Returns a function that takes that back. */
async function publish({ nodes }: LocalCluster, stateDir: string): Promise<() => Promise<void>> {
  const { token } = httpTarget(nodes[0]!);
  const path = tokenFileIn(stateDir);
  await writeTokenFile(path, token);
  const withdraw = await announce({
    stateDir,
    token,
    nodes: nodes.map((node) => ({ id: node.id, http: httpAddress(node) })),
  });
  return async () => {
    await withdraw();
    await rm(path, { force: true });
  };
}

function tokenFileIn(stateDir: string): string {
  return join(stateDir, "http-token");
}

async function createCluster(
  plan: Plan,
  spares: number,
  place: {
    readonly stateDir: string;
    readonly keepsState: boolean;
    readonly portNumbers?: readonly PortNumbers<RaftPort>[];
  },
): Promise<LocalCluster> {
  const runId = `cluster-${process.pid}`;
  const onProblem = (problem: string) => void process.stderr.write(`${problem}\n`);
  const members = plan.nodes;
  const nodes = [...members, ...Array.from({ length: spares }, (_, place) => `n${members.length + place + 1}`)];
  const host = await createLocalHost({ runId, nodes, ports: raftPorts, onProblem, ...place }).catch(refuseFolder);
  return new LocalCluster(host, { knobs: plan.knobs, readMode: plan.readMode, members });
}

function parseSpares(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new UsageError(`--spares: got ${quote(text)}; expected a whole number from 0 to 9`);
}

/** The folder that the user named cannot be what is needed. */
function refuseFolder(error: NodeJS.ErrnoException): never {
  if (isSystemError(error)) throw new UsageError(`--data: ${describeSystemError(error)}`, { cause: error });
  throw error;
}

async function start(cluster: LocalCluster, stateDir: string): Promise<void> {
  await cluster.startAll();
  const failed = (await whenAllAnswer(cluster, startPatienceMs)).find(({ state }) => state !== "up");
  if (failed === undefined) return;
  const lastLine = (await readFile(logOf(stateDir, failed.id), "utf8")).trimEnd().split("\n").at(-1) ?? "";
  throw new UsageError(`${failed.id} did not start (${failed.state}): ${messageOfLine(lastLine) ?? lastLine}`);
}

async function watch(
  cluster: LocalCluster,
  heading: ClusterHeading,
  until: { readonly signal: AbortSignal; readonly quit: () => void },
): Promise<void> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  if (canRedraw(process.stdout) && takesKeys(process.stdin)) {
    const terminal = { output: process.stdout, input: process.stdin, clock: wallClock() };
    return showCluster(cluster, heading, until, terminal);
  }
  print(heading.title);
  for (const node of cluster.nodes) {
    const { host, port } = node.addresses.reach.client;
    print(`  ${node.id}  http://${httpAddress(node)}  client port ${host}:${port}`);
  }
  print(`  ${heading.curl}`);
  return tellChanges(cluster, until.signal, print);
}

/** The folder for the nodes' data and logs. Two clusters on the same data would destroy it. */
async function chooseFolder(data: string | undefined): Promise<string> {
  if (data === undefined) return mkdtemp(join(tmpdir(), "keelhaul-cluster-"));
  const stateDir = resolve(data);
  const others = await runningClusters();
  if (!others.some((other) => other.stateDir === stateDir)) return stateDir;
  throw new UsageError(`--data: a running cluster already uses ${stateDir}; stop it or choose another folder`);
}

const portOffsets = { http: 1, client: 101, peer: 201 } as const;

async function portsFrom(text: string, nodes: number): Promise<PortNumbers<RaftPort>[]> {
  const base = Number(text);
  if (!Number.isInteger(base) || base < 1024 || base + portOffsets.peer + nodes > 65_536) {
    throw new UsageError(
      `--base-port: got ${quote(text)}; expected a port from 1024 to ${65_536 - portOffsets.peer - nodes}`,
    );
  }
  const ports = Array.from({ length: nodes }, (_, place): PortNumbers<RaftPort> => {
    const at = base + place;
    return { http: at + portOffsets.http, client: at + portOffsets.client, peer: at + portOffsets.peer };
  });
  const taken = await takenPort(ports.flatMap((each) => Object.values(each)));
  if (taken !== undefined)
    throw new UsageError(`--base-port: another program already listens on 127.0.0.1:${taken}; choose another port`);
  return ports;
}
