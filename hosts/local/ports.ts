import { randomInt } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";

/**
 * Below the range that kernels hand out to outgoing connections (from 32768 on Linux, 49152 elsewhere). In that range
 * a client that redials a killed node could be given the node's own port, and the node could not start again.
 */
const lowestPort = 15_000;
const highestPort = 32_000;
const tries = 200;

/** So many ports of an address of this machine that are free now: each is taken, and all are let go together. */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (let attempt = 0; servers.length < count; attempt += 1) {
      if (attempt === tries) throw new Error(`no ${count} free ports between ${lowestPort} and ${highestPort}`);
      const server = await bind(randomInt(lowestPort, highestPort), host);
      if (server) servers.push(server);
    }
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(servers.map((server) => once(server.close(), "close")));
  }
}

/** The first of the ports of 127.0.0.1 on which something listens already. */
export async function takenPort(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) {
    const server = await bind(port, "127.0.0.1");
    if (server === undefined) return port;
    await once(server.close(), "close");
  }
  return undefined;
}

async function bind(port: number, host: string): Promise<Server | undefined> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}
