import { backends } from "../../hosts/registry.ts";
import { cleanClusters } from "../cluster/announcement.ts";
import { exitCodes } from "../exit-codes.ts";

/** `keelhaul clean`: removes whatever runs left whose controller is gone. A run that is going on is left alone. */
export async function runClean(): Promise<void> {
  const cleaned = await Promise.all(backends.map((backend) => backend.clean()));
  const removed = [...cleaned.flatMap((each) => each.removed), ...(await cleanClusters())];
  const leftAlone = cleaned.flatMap((each) => each.leftAlone);
  for (const line of removed) process.stdout.write(`${line}\n`);
  for (const line of leftAlone) process.stderr.write(`keelhaul: ${line}\n`);
  if (leftAlone.length > 0) process.exitCode = exitCodes.unknown;
  process.stdout.write(removed.length === 0 ? "nothing to clean\n" : `removed ${removed.length}\n`);
}
