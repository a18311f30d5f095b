import { backends } from "../../hosts/registry.ts";
import { type PruneFlags, processTerminal, pruneRuns } from "../clean/prune-runs.ts";
import { cleanClusters } from "../cluster/announcement.ts";
import { exitCodes } from "../exit-codes.ts";
import { visibleLine } from "../visible.ts";

/** `keelhaul clean`: removes whatever runs left whose controller is gone. A run that is under way is left alone. */
export async function runClean(): Promise<void> {
  const cleaned = await Promise.all(backends.map((backend) => backend.clean()));
  const removed = [...cleaned.flatMap((each) => each.removed), ...(await cleanClusters())];
  for (const line of cleaned.flatMap(({ kept }) => kept ?? [])) process.stdout.write(`${visibleLine(line)}\n`);
  for (const line of removed) process.stdout.write(`${visibleLine(line)}\n`);
  process.stdout.write(removed.length === 0 ? "nothing to clean\n" : `removed ${removed.length}\n`);
  reportLeftAlone(cleaned.flatMap((each) => each.leftAlone));
}

/** `keelhaul clean --runs`: removes old runs from the store. */
export async function runPrune(flags: PruneFlags): Promise<void> {
  reportLeftAlone(await pruneRuns(flags, processTerminal(), Date.now()));
}

function reportLeftAlone(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`keelhaul: ${visibleLine(line)}\n`);
  if (lines.length > 0) process.exitCode = exitCodes.unknown;
}
