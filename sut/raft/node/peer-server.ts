import { createServer, type Server, type Socket } from "node:net";
import { z } from "zod";
import type { Message } from "../core/messages.ts";
import type { NodeId } from "../core/types.ts";
import { FrameDecoder, FrameError } from "../protocol/frames.ts";
import { Confirmations } from "./confirmations.ts";
import type { SnapshotMessage } from "./snapshots/messages.ts";

export interface PeerServerOptions {
  readonly id: NodeId;
  readonly peers: ReadonlySet<NodeId>;
  /** False until the node has recovered: connections are closed, and the peers dial again. */
  readonly accepts: () => boolean;
  readonly onMessage: (from: NodeId, message: Message | SnapshotMessage) => void;
  /** A connection broke the format, or came from a stranger. */
  readonly onRefused: (reason: string) => void;
}

const maxFrameBytes = 512 * 1024 * 1024;
/** Peers ping several times a second: a connection this quiet has lost its other end. */
const quietMs = 30_000;
const hello = z.object({ from: z.string(), to: z.string() });

/** Receives what peers send on their own connections, and confirms it. */
export function createPeerServer(options: PeerServerOptions): Server {
  const current = new Map<NodeId, Socket>();
  return createServer({ noDelay: true }, (socket) => {
    if (!options.accepts()) {
      socket.destroy();
      return;
    }
    const decoder = new FrameDecoder(maxFrameBytes);
    const confirmations = new Confirmations(socket);
    let from: NodeId | null = null;
    const receive = (chunk: Buffer) => {
      const frames = decoder.push(chunk);
      confirmations.note(chunk.length, frames.length);
      for (const { value } of frames) {
        if (from === null) from = admit(value, socket, current, options);
        else if (value !== null) options.onMessage(from, value as Message | SnapshotMessage);
      }
    };
    socket.on("data", (chunk: Buffer) => refuseOnError(socket, options, () => receive(chunk)));
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on("close", () => {
      if (from !== null && current.get(from) === socket) current.delete(from);
    });
    // The peer dials again; its messages may be lost at any time anyway.
    socket.on("error", () => undefined);
  });
}

class StrangerError extends Error {}

/** The first frame names both ends. A peer's newer connection replaces its older one. */
function admit(value: unknown, socket: Socket, current: Map<NodeId, Socket>, options: PeerServerOptions): NodeId {
  const parsed = hello.safeParse(value);
  if (!parsed.success) throw new StrangerError("the first frame is not a peer's greeting");
  const { from, to } = parsed.data;
  if (to !== options.id || !options.peers.has(from)) throw new StrangerError(`${from} meant to reach ${to}`);
  current.get(from)?.destroy();
  current.set(from, socket);
  return from;
}

function refuseOnError(socket: Socket, options: PeerServerOptions, receive: () => void): void {
  try {
    receive();
  } catch (error) {
    if (!(error instanceof StrangerError || error instanceof FrameError)) throw error;
    options.onRefused((error as Error).message);
    socket.destroy();
  }
}
