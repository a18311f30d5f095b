import { mkdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { freePorts } from "../local/ports.ts";
import { spawnAgent } from "../local/spawn-agent.ts";
import { type Launched, launchRequest } from "./launch-protocol.ts";

/**
 * The program that starts an agent on a machine and exits. It reads what is asked for from its standard input, as arguments and
 * environments of programs can be read by other users there.
 */
const request = launchRequest.parse(JSON.parse(await text(process.stdin)));
const { token, leaseMs, environment, logFile, peer, ports, folders } = request;

for (const folder of [dirname(logFile), ...folders]) await mkdir(folder, { recursive: true, mode: 0o700 });
const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
const launched: Launched = addresses.includes(peer)
  ? { agent: await startAgent(), ports: await freePorts(ports, peer) }
  : { addresses };
process.stdout.write(`${JSON.stringify(launched)}\n`);

async function startAgent() {
  const script = join(import.meta.dirname, "agent.mjs");
  return (await spawnAgent({ script, token, leaseMs, environment, logFile })).endpoint;
}
