import type { Socket } from "node:net";
import { DialerHandshake, type Ends, type Port } from "./handshake.ts";

/**
 * Greets whoever listens on a socket that connects or has connected. Resolves to what came behind the listener's proof, once
 * it is there; the caller listens on from then. Rejects with HandshakeError, or with what broke the socket.
 */
export function greet(socket: Socket, port: Port, ends: Ends, secret: string): Promise<Buffer> {
  const handshake = new DialerHandshake(port, ends, secret);
  return new Promise((resolve, reject) => {
    const receive = (chunk: Buffer) => {
      try {
        const next = handshake.push(chunk);
        if (next === null) return;
        if ("reply" in next) {
          socket.write(next.reply);
          return;
        }
        socket.off("data", receive);
        resolve(next.rest);
      } catch (error) {
        socket.destroy(error as Error);
        reject(error);
      }
    };
    socket.on("data", receive);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed before the greeting was over")));
  });
}
