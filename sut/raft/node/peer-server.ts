import { createServer, type Server, type Socket } from "node:net";
import type { NodeId } from "../core/types.ts";
import { FrameError } from "../protocol/frame-error.ts";
import { FrameDecoder } from "../protocol/frames.ts";
import { Admission } from "./admission.ts";
import { Confirmations } from "./confirmations.ts";
import { type PeerMessage, PeerMessageError, readPeerMessage } from "./peer-messages.ts";

export interface PeerServerOptions {
  readonly id: NodeId;
  readonly secret: string;
  readonly peers: ReadonlySet<NodeId>;
  /** A frame that says it is larger is refused before it is read. */
  readonly maxFrameBytes: number;
  /** False until the node has recovered: connections are closed, and the peers dial again. */
  readonly accepts: () => boolean;
  readonly onMessage: (from: NodeId, message: PeerMessage) => void;
  /** A connection broke the format, or came from a stranger. */
  readonly onRefused: (reason: string) => void;
}

/** Peers ping several times a second: a connection this quiet has lost its other end. */
const quietMs = 30_000;

/** Receives what peers send on their own connections, and confirms it. */
export function createPeerServer(options: PeerServerOptions): Server {
  const { id, secret, peers, accepts, onRefused } = options;
  const current = new Map<NodeId, Socket>();
  const admission = new Admission({ port: "peer", id, secret, admits: (from) => peers.has(from), onRefused });
  return createServer({ noDelay: true }, (socket) => {
    // The peer dials again; its messages may be lost at any time anyway.
    socket.on("error", () => undefined);
    if (!accepts()) {
      socket.destroy();
      return;
    }
    admission.greet(socket, (from, rest) => {
      replace(current, from, socket);
      receiveFrames(socket, from, options);
      if (rest.length > 0) socket.emit("data", rest);
    });
  });
}

/** A peer confirms by a byte a frame, and reads as fast as it sends: so many unread ones are a peer that does not. */
const maxUnreadConfirmations = 1024 * 1024;

/** A peer's newer connection replaces its older one. */
function replace(current: Map<NodeId, Socket>, from: NodeId, socket: Socket): void {
  current.get(from)?.destroy();
  current.set(from, socket);
  socket.on("close", () => {
    if (current.get(from) === socket) current.delete(from);
  });
}

function receiveFrames(socket: Socket, from: NodeId, options: PeerServerOptions): void {
  const decoder = new FrameDecoder(options.maxFrameBytes);
  const confirmations = new Confirmations(socket);
  const receive = (chunk: Buffer) => {
    const frames = decoder.push(chunk);
    confirmations.note(chunk.length, frames.length);
    if (socket.writableLength > maxUnreadConfirmations) {
      throw new PeerMessageError(`frames, and left ${socket.writableLength} confirmations of them unread`);
    }
    // Null is a ping.
    for (const { value } of frames) if (value !== null) options.onMessage(from, readPeerMessage(value));
  };
  socket.setTimeout(quietMs, () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    if (socket.destroyed) return;
    try {
      receive(chunk);
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof PeerMessageError)) throw error;
      socket.destroy();
      options.onRefused(`${from} sent ${error.message}`);
    }
  });
}
