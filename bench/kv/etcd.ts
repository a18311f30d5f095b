import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { z } from "zod";
import { freePorts } from "../../sut/raft/node/test-cluster.ts";
import type { Target } from "./target.ts";

const patienceMs = 15_000;
const statusSchema = z.object({ leader: z.string(), header: z.object({ member_id: z.string() }) });

/** The version of the installed etcd; null: there is none. */
export async function etcdVersion(): Promise<string | null> {
  const { stdout, failed } = await execa("etcd", ["--version"], { reject: false });
  return failed ? null : (/etcd Version: (\S+)/.exec(String(stdout))?.[1] ?? "unknown");
}

/** Three nodes with etcd's defaults; nothing of them is left behind. */
export async function startEtcd(): Promise<Target> {
  const directory = await mkdtemp(join(tmpdir(), "keelhaul-etcd-"));
  const ports = await freePorts(6);
  const nodes = [0, 1, 2].map((i) => ({
    name: `e${i + 1}`,
    client: `http://127.0.0.1:${ports[2 * i]}`,
    peer: `http://127.0.0.1:${ports[2 * i + 1]}`,
  }));
  const cluster = nodes.map(({ name, peer }) => `${name}=${peer}`).join(",");
  const processes = nodes.map(({ name, client, peer }) =>
    execa(
      "etcd",
      [
        ["--name", name, "--data-dir", join(directory, name)],
        ["--listen-client-urls", client, "--advertise-client-urls", client],
        ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
        ["--initial-cluster", cluster, "--initial-cluster-state", "new"],
        ["--logger", "zap", "--log-level", "error"],
      ].flat(),
      { stdio: "ignore", reject: false },
    ),
  );
  return {
    protocol: "etcd",
    leader: () => leaderOf(nodes.map(({ client }) => client)),
    stop: async () => {
      for (const process of processes) process.kill("SIGKILL");
      await Promise.all(processes);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function leaderOf(clients: readonly string[]): Promise<{ host: string; port: number }> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await sleep(50)) {
    for (const client of clients) {
      if (await leads(client)) return { host: "127.0.0.1", port: Number(new URL(client).port) };
    }
  }
  throw new Error(`no etcd node leads within ${patienceMs} ms`);
}

async function leads(client: string): Promise<boolean> {
  const options = { method: "POST", body: "{}", signal: AbortSignal.timeout(1000) };
  const response = await fetch(`${client}/v3/maintenance/status`, options).catch(() => null);
  if (response === null || !response.ok) return false;
  const { leader, header } = statusSchema.parse(await response.json());
  return leader === header.member_id;
}
