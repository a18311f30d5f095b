import type { Operation } from "../../history/event.ts";
import { deaf, type Generator, pending } from "./generator.ts";

/** Hands out a list of operations in order, each once, to whichever process is free first. */
export function each(operations: readonly Operation[], from = 0): Generator {
  return deaf(({ free, timeNs }) => {
    const operation = operations[from];
    if (operation === undefined) return null;
    const [process] = free;
    if (process === undefined) return pending;
    return { type: "offer", operation, process, atNs: timeNs, rest: each(operations, from + 1) };
  });
}
