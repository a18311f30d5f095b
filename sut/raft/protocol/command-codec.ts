import type { LogCommand } from "../kv/commands.ts";
import type { EncodedQuestion, Question } from "./client-messages.ts";

/**
 * A command as bytes. The client that first holds it makes them, once: log, disks and messages carry the same ones. They are
 * JSON, which gives back every key, `__proto__` too.
 */
function encodeCommand(command: LogCommand): Uint8Array {
  return Buffer.from(JSON.stringify(command));
}

/** The command that the bytes stand for, which were checked before they were proposed. */
export function decodeCommand(bytes: Uint8Array): LogCommand {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as LogCommand;
}

export function encodeQuestion(question: Question<LogCommand>): EncodedQuestion {
  return "read" in question ? question : { command: encodeCommand(question.command) };
}
