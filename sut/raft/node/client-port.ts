import { createServer, type Server, type Socket } from "node:net";
import { z } from "zod";
import {
  type ClientAnswer,
  type ClientReply,
  type ClientRequest,
  type Greeting,
  maxRequestBytes,
} from "../protocol/client-messages.ts";
import { encodeFrame, FrameDecoder, FrameError } from "../protocol/frames.ts";
import { requestSchema } from "../protocol/request-schema.ts";

export interface ClientPortOptions {
  readonly greeting: Greeting;
  readonly submit: (request: ClientRequest, answer: (answer: ClientAnswer) => void) => void;
  readonly onRefused: (reason: string) => void;
}

/** Beyond this a frame is not even read. */
const maxFrameBytes = 16 * maxRequestBytes;

/** Where clients connect: many requests under way on one connection, answered as they get done. */
export function createClientPort(options: ClientPortOptions): Server {
  return createServer({ noDelay: true }, (socket) => {
    const decoder = new FrameDecoder(maxFrameBytes);
    socket.write(encodeFrame(options.greeting));
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const frame of decoder.push(chunk)) serve(socket, options, frame);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        options.onRefused(error.message);
        socket.destroy();
      }
    });
    // The client sees its connection break; what it asked for may still happen.
    socket.on("error", () => undefined);
  });
}

function serve(socket: Socket, options: ClientPortOptions, frame: { value: unknown; bytes: number }): void {
  const parsed = requestSchema.safeParse(frame.value);
  if (!parsed.success) throw new FrameError(`a request that cannot be read: ${z.prettifyError(parsed.error)}`);
  const request = parsed.data;
  if (frame.bytes > maxRequestBytes) reply(socket, { id: request.id, answer: { type: "too-large" } });
  else options.submit(request, (answer) => reply(socket, { id: request.id, answer }));
}

/** Answers of one turn of the event loop leave together. */
function reply(socket: Socket, message: ClientReply): void {
  if (socket.destroyed) return;
  if (socket.writableCorked === 0) {
    socket.cork();
    setImmediate(() => socket.uncork());
  }
  socket.write(encodeFrame(message));
}
