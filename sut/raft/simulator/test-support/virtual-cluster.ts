import type { ViolationRecord } from "../../../../history/annotations.ts";
import type { Host } from "../../../../hosts/host.ts";
import type { Injection } from "../../../../hosts/injection.ts";
import { randomStream } from "../../../../random/stream.ts";
import { nowMs, sleepMs } from "../../../../time/clock.ts";
import { VirtualTime } from "../../../../time/virtual-time.ts";
import type { NodeObservation } from "../../../inspector.ts";
import type { Simulation, World } from "../../../simulatable.ts";
import type { System } from "../../../system.ts";
import { raft } from "../../system.ts";

export interface VirtualClusterOptions {
  readonly seed: number;
  readonly nodes?: number;
  readonly knobs?: Record<string, unknown>;
  readonly readMode?: string;
  readonly world?: World;
  readonly mutant?: string;
}

/** Elections that take tens of milliseconds: more of them in the same time. */
export const quickKnobs = { electionTimeoutMs: 100, heartbeatMs: 20 };

/** A simulated cluster of the store for tests, without a run around it. */
export class VirtualCluster {
  readonly time = new VirtualTime();
  readonly host: Host;
  readonly system: System;
  readonly seed: number;
  readonly followed: Simulation["followed"];
  violation: Omit<ViolationRecord, "timeNs"> | null = null;
  readonly #options: { readonly knobs: Record<string, unknown>; readonly readMode: string };

  constructor({ seed, nodes = 3, knobs = quickKnobs, readMode = "read-index", ...rest }: VirtualClusterOptions) {
    this.seed = seed;
    this.#options = { knobs, readMode };
    const { host, system, followed } = raft.simulated.begin({
      clock: this.time,
      nodes: Array.from({ length: nodes }, (_, place) => `n${place + 1}`),
      seed,
      ...this.#options,
      ...rest,
      onViolation: (seen) => {
        this.violation = seen;
      },
    });
    this.host = host;
    this.system = system;
    this.followed = followed;
  }

  run<Result>(deed: () => Promise<Result>): Promise<Result> {
    return this.time.run(deed);
  }

  sleep(ms: number): Promise<void> {
    return sleepMs(this.time, ms);
  }

  start(id: string): Promise<unknown> {
    const node = this.host.nodes.find((known) => known.id === id)!;
    return this.host.start(id, this.system.processes(node, this.host.nodes, this.#options)[0]!);
  }

  async startAll(): Promise<void> {
    for (const { id } of this.host.nodes) await this.start(id);
  }

  client(pinnedTo?: string) {
    const options = pinnedTo === undefined ? {} : { pinnedTo };
    return this.system.client(this.host.nodes, { knobs: this.#options.knobs, patienceMs: 500, ...options });
  }

  /** What every node that answers says of itself. */
  async look(): Promise<NodeObservation[]> {
    const looks = await Promise.allSettled(this.host.nodes.map((node) => this.system.inspector!.inspect(node, 100)));
    return looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []));
  }

  /** The node that leads, by its own word and in the newest term, waiting for one. */
  async leader(): Promise<string> {
    for (const untilMs = nowMs(this.time) + 10_000; nowMs(this.time) < untilMs; await this.sleep(20)) {
      const leaders = (await this.look()).filter(({ role }) => role === "leader");
      const newest = leaders.sort((one, other) => (other.term ?? 0) - (one.term ?? 0))[0];
      if (newest !== undefined) return newest.node;
    }
    throw new Error("no leader within ten seconds");
  }
}

/** What came of a life of a cluster that was hit by one trouble after another. */
export interface Ordeal {
  readonly acknowledged: readonly number[];
  /** What the list holds in the end; null: nobody could say. */
  readonly found: readonly number[] | null;
  readonly violation: VirtualCluster["violation"];
  /** Everything that clients saw, in order, with the time. */
  readonly story: readonly string[];
}

/** Clients append numbers while nodes are killed, cut off and paused; then all is well again, and the list is read. */
export async function ordeal(options: VirtualClusterOptions, troubledMs = 2500): Promise<Ordeal> {
  const cluster = new VirtualCluster(options);
  const story: string[] = [];
  const acknowledged: number[] = [];
  let isOver = false;
  let next = 0;
  const writer = async (pinnedTo: string | undefined): Promise<void> => {
    const client = cluster.client(pinnedTo);
    while (!isOver) {
      const value = ++next;
      const { type, error } = await client.invoke({ f: "append", key: "list", value }, 600);
      story.push(`${cluster.time.nowNs()} ${value} ${type} ${error ?? ""}`);
      if (type === "ok") acknowledged.push(value);
      await cluster.sleep(10);
    }
    client.close();
  };
  return cluster.run(async () => {
    await cluster.startAll();
    const writers = [undefined, "n1", "n2"].map(writer);
    await trouble(cluster, troubledMs);
    isOver = true;
    await Promise.all(writers);
    const read = await cluster.client().invoke({ f: "read", key: "list" }, 5000);
    const found = read.type === "ok" ? ((read.value ?? []) as number[]) : null;
    story.push(`${cluster.time.nowNs()} ${JSON.stringify(found)}`);
    return { acknowledged, found, violation: cluster.violation, story };
  });
}

async function trouble(cluster: VirtualCluster, troubledMs: number): Promise<void> {
  const { host } = cluster;
  const random = randomStream(cluster.seed, "trouble");
  const ids = host.nodes.map(({ id }) => id);
  while (nowMs(cluster.time) < troubledMs) {
    await cluster.sleep(random.integer(0, 200));
    const hit = random.shuffle(ids).slice(0, random.integer(1, ids.length));
    const kind = random.pick(["kill", "pause", "cut", "cut"] as const);
    const broken: Injection[] = [];
    if (kind === "cut") {
      broken.push(
        await host.cut(hit.flatMap((from) => ids.filter((to) => to !== from).map((to) => [from, to] as const))),
      );
    } else if (kind === "pause") for (const id of hit) broken.push(await host.inject(id, { kind }));
    else for (const id of hit) await host.kill(id);
    await cluster.sleep(random.integer(0, 300));
    for (const injected of broken) await injected.heal();
    for (const id of ids) if (!(await host.alive(id))) await cluster.start(id);
  }
}
