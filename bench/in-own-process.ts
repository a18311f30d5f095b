import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Spent } from "./spent.ts";

/** What a benchmark's process prints: the time and the memory of one piece of work, and what came of it. */
export interface Measured extends Spent {
  readonly verdict: string;
  readonly summary: string;
}

/** Runs a script beside this one in a process that does nothing else, so that the memory is its own. */
export async function inOwnProcess<Result>(script: string, ...args: readonly string[]): Promise<Result> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await execa(process.execPath, [file, ...args], { stderr: "inherit" });
  return JSON.parse(stdout) as Result;
}
