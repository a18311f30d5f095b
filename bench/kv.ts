import { parseArgs } from "node:util";
import { etcdVersion, startEtcd } from "./kv/etcd.ts";
import { startKeelhaul } from "./kv/keelhaul.ts";
import type { Load, LoadResult } from "./kv/load.ts";
import { type OperationName, operations, type ProtocolName } from "./kv/protocols.ts";
import { runLoad } from "./kv/run-load.ts";
import type { Target } from "./kv/target.ts";

/**
 * Our store beside etcd: `npm run bench:kv`. Both run three nodes on loopback and are asked by the same closed loop, in
 * turns, so that what else the machine does hits both. `--seconds 2 --rounds 1 --clients 1,64 --operations get
 * --set fsync=false` measure less, or something else.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    clients: { type: "string", default: "1,16,64,256" },
    operations: { type: "string", default: operations.join() },
    set: { type: "string", multiple: true, default: [] },
    "without-etcd": { type: "boolean", default: false },
  },
});
const keys = 10_000;
const valueBytes = 256;
const warmUpSeconds = 0.5;

const version = values["without-etcd"] ? null : await etcdVersion();
console.log(
  `Three nodes each on loopback, fsync on unless set otherwise, ${keys} keys, values of ${valueBytes} bytes. ` +
    "Each client: one connection to the leader, one request under way.\n" +
    "keelhaul: frames of its own protocol; reads by ReadIndex. " +
    (version === null
      ? "etcd: not measured (not installed, or not wanted)."
      : `etcd ${version}: JSON gateway over HTTP/1.1, linearizable range.`),
);
const targets: Target[] = [];
try {
  targets.push(await startKeelhaul(Object.fromEntries(values.set.map((text) => text.split("=", 2)))));
  if (version !== null) targets.push(await startEtcd());
  for (const target of targets) await measure(target, { operation: "put", clients: 64, seconds: 0, warmUpSeconds: 0 });
  await measureRows();
} finally {
  for (const target of targets) await target.stop();
}

async function measureRows(): Promise<void> {
  const titles = ["", "clients", ...targets.flatMap(({ protocol }) => [`${protocol}/s`, "p50 ms", "p99 ms"])];
  console.log(line([...titles, ...(targets.length > 1 ? ["ratio"] : []), "client CPU"]));
  for (const operation of values.operations.split(",") as OperationName[]) {
    for (const clients of values.clients.split(",").map(Number)) await measureRow(operation, clients);
  }
}

async function measureRow(operation: OperationName, clients: number): Promise<void> {
  const results = new Map<ProtocolName, LoadResult[]>(targets.map(({ protocol }) => [protocol, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const target of targets) {
      const load = { operation, clients, seconds: Number(values.seconds), warmUpSeconds };
      results.get(target.protocol)?.push(await measure(target, load));
    }
  }
  const sums = [...results.values()].map(summed);
  const rates = sums.map(({ perSecond }) => perSecond);
  const ratio = rates.length > 1 ? [`${((rates[0] ?? 0) / (rates[1] ?? 1)).toFixed(2)}`] : [];
  const cells = sums.flatMap(({ perSecond, p50, p99 }) => [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)]);
  const shares = sums.map(({ cpuShare }) => `${(100 * cpuShare).toFixed(0)} %`).join(", ");
  console.log(line([operation, `${clients}`, ...cells, ...ratio, shares]));
  if (sums.some(({ cpuShare }) => cpuShare > 0.9)) {
    console.log("  the client was busy for more than 90 % of a core: the store may be faster than this row says");
  }
  for (const [i, { refused }] of sums.entries()) {
    if (refused > 0) console.log(`  ${targets[i]?.protocol} refused ${refused} requests`);
  }
}

async function measure(
  target: Target,
  load: Pick<Load, "operation" | "clients" | "seconds" | "warmUpSeconds">,
): Promise<LoadResult> {
  return runLoad({ ...load, ...(await target.leader()), protocol: target.protocol, keys, valueBytes });
}

/** All rounds as one. */
function summed(results: readonly LoadResult[]) {
  const latencies = Float64Array.from(results.flatMap(({ latenciesMs }) => [...latenciesMs])).sort();
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  return {
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpuShare: Math.max(...results.map(({ cpuShare }) => cpuShare)),
    refused: results.reduce((sum, { refused }) => sum + refused, 0),
  };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(4) : cell.padStart(12))).join("");
}
