import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "rolldown";
import { describe, expect, it } from "vitest";
import type { Edge } from "../history/annotations.ts";
import { createDockerHost } from "../hosts/docker/docker-host.ts";
import type { NodeObservation } from "../sut/inspector.ts";
import { type RaftHost, raftPorts } from "../sut/raft/ports.ts";
import { raft, raftProcess } from "../sut/raft/system.ts";
import { dockerTestsRun } from "./docker-daemon.ts";

const run = await dockerTestsRun("docker-raft.test.ts");
const nodes = ["n1", "n2", "n3", "n4", "n5"];

describe.runIf(run)("a Raft cluster in containers", { timeout: 300_000 }, () => {
  it("goes on when its leader is cut off, paused, or killed, and is whole again after each", async () => {
    await withRaft(async (host, start) => {
      const first = await leaderBeyond(host, 0);
      await written(host, 1);

      const cut = await host.cut(nodes.filter((id) => id !== first.node).flatMap((id) => bothWays(first.node, id)));
      expect(cut.evidence.filter(({ proves }) => !proves)).toEqual([]);
      const second = await leaderBeyond(host, first.term);
      expect(second.node).not.toBe(first.node);
      await written(host, 2);
      const mended = await cut.heal();
      expect([mended.length, mended.filter(({ proves }) => !proves)]).toEqual([8, []]);
      const third = await agreedLeader(host);

      const pause = await host.inject(third.node, { kind: "pause" });
      expect(pause.evidence).toMatchObject([{ proves: true }]);
      const fourth = await leaderBeyond(host, third.term);
      expect(await pause.heal()).toMatchObject([{ proves: true }]);

      expect(await host.kill(fourth.node)).toMatchObject({ proves: true });
      await leaderBeyond(host, fourth.term);
      await written(host, 3);
      expect(await start(fourth.node)).toMatchObject({ proves: true });
      await agreedLeader(host);
    });
  });
});

async function withRaft(story: (host: RaftHost, start: RaftHost["kill"]) => Promise<void>): Promise<void> {
  const bundles = await mkdtemp(join(tmpdir(), "keelhaul-raft-"));
  const programs = { agent: "hosts/agent/main.ts", "raft-node": "sut/raft/node/main.ts" };
  for (const [name, input] of Object.entries(programs)) {
    const file = join(bundles, `${name}.mjs`);
    await build({ input, platform: "node", output: { file, format: "esm", codeSplitting: false } });
  }
  const host = await createDockerHost({ runId: `raft-${process.pid}`, nodes, ports: raftPorts, bundles });
  const start = (id: string) => {
    const node = host.nodes.find((known) => known.id === id)!;
    return host.start(id, raftProcess(node, host.nodes, { knobs: {}, readMode: "read-index" }));
  };
  try {
    for (const id of nodes) await start(id);
    await story(host, start);
  } finally {
    await host.destroy();
    await rm(bundles, { recursive: true, force: true });
  }
}

/** A write may first reach a leader that does not know yet that it was deposed, and end unknown: so it is tried again. */
async function written(host: RaftHost, value: number): Promise<void> {
  const client = raft.client(host.nodes, {});
  try {
    await eventually(async () => {
      const { type } = await client.invoke({ f: "write", key: "k", value }, 3000);
      return type === "ok" ? true : undefined;
    });
  } finally {
    client.close();
  }
}

/** A leader of a later term: whoever led before may still think that it does. */
function leaderBeyond(host: RaftHost, term: number): Promise<Leader> {
  return eventually(async () => (await look(host)).filter(isLeader).find((leader) => leader.term > term));
}

/** The leader that all nodes know of. */
function agreedLeader(host: RaftHost): Promise<Leader> {
  return eventually(async () => {
    const seen = await look(host);
    const leader = seen.find(isLeader);
    return leader && seen.length === nodes.length && seen.every((node) => node.leader === leader.node)
      ? leader
      : undefined;
  });
}

type Leader = NodeObservation & { readonly term: number };

function isLeader(seen: NodeObservation): seen is Leader {
  return seen.role === "leader" && seen.term !== undefined;
}

/** What the nodes say of themselves; those that do not answer are left out. */
async function look(host: RaftHost): Promise<NodeObservation[]> {
  const seen = await Promise.allSettled(host.nodes.map((node) => raft.inspector.inspect(node, 1000)));
  return seen.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function eventually<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
    await sleep(100);
  }
  throw new Error("did not come true");
}

function bothWays(one: string, other: string): Edge[] {
  return [
    [one, other],
    [other, one],
  ];
}
