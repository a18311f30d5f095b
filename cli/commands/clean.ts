import { Command } from "commander";
import { backends } from "../../hosts/registry.ts";
import { cleanClusters } from "../cluster/announcement.ts";

/** `keelhaul clean`: removes whatever runs left whose controller is gone. A run that is going on is left alone. */
export function cleanCommand(): Command {
  return new Command("clean").description("remove what killed runs left on this machine").action(async () => {
    const ended = (await Promise.all(backends.map((backend) => backend.clean()))).flat();
    const removed = [...ended, ...(await cleanClusters())];
    for (const line of removed) process.stdout.write(`${line}\n`);
    process.stdout.write(removed.length === 0 ? "nothing to clean\n" : `removed ${removed.length}\n`);
  });
}
