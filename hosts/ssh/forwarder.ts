import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Endpoint } from "../host.ts";
import type { SshConnection } from "./connection.ts";

/**
 * Ports of this machine that lead to ports of another one, through its ssh connection. Nothing else has to be open there, and
 * what goes through ends with the connection.
 */
export class Forwarder {
  readonly #connection: SshConnection;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(connection: SshConnection) {
    this.#connection = connection;
  }

  /** An address of this machine's that leads to one that the other machine reaches. */
  async open(to: Endpoint): Promise<Endpoint> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void this.#carry(socket, to));
    server.unref(); // the run decides how long the controller lives
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#servers.push(server);
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #carry(socket: Socket, to: Endpoint): Promise<void> {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {}); // which ends the pipelines below
    try {
      const channel = await this.#connection.forward(to.host, to.port);
      await Promise.all([pipeline(socket, channel), pipeline(channel, socket)]);
    } catch {
      socket.destroy(); // nothing listens there, or the connection is lost: clients see a closed connection
    }
  }
}
