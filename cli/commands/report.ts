import { Command } from "commander";
import { writeReport } from "../../reports/write.ts";

/** `keelhaul report`: writes a run's page again from what is stored. */
export function reportCommand(): Command {
  return new Command("report")
    .description("write a run's report again, from its stored history and results")
    .argument("<run>", "a run folder (store/latest is the newest)")
    .action((folder: string) => {
      process.stdout.write(`${writeReport(folder)}\n`);
    });
}
