import { Packr } from "msgpackr";
import type { LogCommand } from "../kv/commands.ts";
import type { EncodedQuestion, Question } from "./client-messages.ts";

const packr = new Packr({ useRecords: false });

/** A command as bytes. Whoever first holds it makes them, once: log, disks and messages carry the same ones. */
function encodeCommand(command: LogCommand): Uint8Array {
  return packr.pack(command);
}

/** The command that the bytes stand for, which were checked before they were proposed. */
export function decodeCommand(bytes: Uint8Array): LogCommand {
  return packr.unpack(bytes) as LogCommand;
}

export function encodeQuestion(question: Question<LogCommand>): EncodedQuestion {
  return "read" in question ? question : { command: encodeCommand(question.command) };
}
