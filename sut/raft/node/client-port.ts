import { createServer, type Server, type Socket } from "node:net";
import {
  type ClientAnswer,
  type ClientRequest,
  encodeReply,
  type Greeting,
  maxRequestBytes,
} from "../protocol/client-messages.ts";
import { FrameWriter } from "../protocol/frame-writer.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { readRequest } from "../protocol/read-request.ts";
import { Admission } from "./admission.ts";
import { maxUnreadBytes, unreadReason } from "./unread.ts";

export interface ClientPortOptions {
  readonly greeting: Greeting;
  readonly secret: string;
  readonly submit: (request: ClientRequest, answer: (answer: ClientAnswer) => void) => void;
  readonly onRefused: (reason: string) => void;
}

/** Beyond this a frame is not even read. */
const maxFrameBytes = 16 * maxRequestBytes;

/** Where clients connect: many requests under way on one connection, answered as they get done. */
export function createClientPort(options: ClientPortOptions): Server {
  const { secret, onRefused, greeting } = options;
  const admission = new Admission({ port: "client", id: greeting.node, secret, admits: () => true, onRefused });
  return createServer({ noDelay: true }, (socket) => {
    // The client sees its connection break; what it asked for may still happen.
    socket.on("error", () => undefined);
    admission.greet(socket, (_from, rest) => {
      serveRequests(socket, options);
      if (rest.length > 0) socket.emit("data", rest);
    });
  });
}

function serveRequests(socket: Socket, options: ClientPortOptions): void {
  const decoder = new FrameDecoder(maxFrameBytes);
  const writer = new FrameWriter(socket);
  writer.write(encodeFrame(options.greeting));
  const close = (reason: string) => {
    options.onRefused(reason);
    socket.destroy();
  };
  const answer = (frame: Buffer) => {
    if (socket.destroyed) return;
    writer.write(frame);
    if (writer.bufferedBytes > maxUnreadBytes) close(`a client: ${unreadReason}`);
  };
  socket.on("data", (chunk: Buffer) => {
    if (socket.destroyed) return;
    const requests = readRequests(decoder, chunk);
    for (const { request, bytes } of requests.read) if (!socket.destroyed) serve(answer, options, request, bytes);
    if (requests.refused !== null) close(requests.refused);
  });
}

/**
 * The requests before the first that cannot be read, and why that one cannot. Whatever is thrown while reading was brought
 * about by what the client sent, a stack overflow by deep nesting among it, and concerns its connection only.
 */
function readRequests(decoder: FrameDecoder, chunk: Buffer) {
  const read: { request: ClientRequest; bytes: number }[] = [];
  try {
    for (const { value, bytes } of decoder.push(chunk)) read.push({ request: readRequest(value), bytes });
    return { read, refused: null };
  } catch (error) {
    return { read, refused: `a request that cannot be read: ${(error as Error).message}` };
  }
}

function serve(send: (frame: Buffer) => void, options: ClientPortOptions, request: ClientRequest, bytes: number): void {
  const reply = (answer: ClientAnswer) => send(encodeReply(request.id, answer));
  if (bytes > maxRequestBytes) reply({ type: "too-large", limitBytes: maxRequestBytes });
  else options.submit(request, reply);
}
