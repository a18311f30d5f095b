import { readFile } from "node:fs/promises";
import { findRunProcesses } from "../hosts/local/run-processes.ts";

/** How many processes of runs there are whose command line names the folder. */
export async function processesOf(run: string): Promise<number> {
  const found = await findRunProcesses();
  const commands = await Promise.all(found.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return commands.filter((text) => text.includes(run)).length;
}
