import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { usualBudgetRuns } from "../../controller/batch/shrink/budget.ts";
import { jsonOption, quietOption } from "./common-options.ts";
import { countOption, mostRuns, mostThreads } from "./count-option.ts";
import { withHelp } from "./help.ts";
import { parseSeeds } from "./seeds-option.ts";

const usualSeeds = "1..200";

export function reproduceCommand(): Command {
  const command = new Command("reproduce")
    .description("Look for a simulated run that fails as a stored one did, and make it smaller")
    .argument("<run>", "the folder of a run that failed (store/latest is the newest)")
    .addOption(
      new Option("--seeds <range>", "seeds to try until one fails in the same way")
        .argParser(parseSeeds)
        .default(parseSeeds(usualSeeds), usualSeeds),
    )
    .option(
      "--threads <count>",
      "runs at the same time (default: one per core)",
      countOption("--threads", 1, mostThreads),
    )
    .option(
      "--shrink-runs <count>",
      "most virtual time for shrinking, as a multiple of the run's own; 0 keeps it as it is",
      countOption("--shrink-runs", 0, mostRuns),
      usualBudgetRuns,
    )
    .option("--store <folder>", "the folder that keeps the run that was found", "store")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (folder, { threads = availableParallelism(), ...flags }) => {
      const { runReproduceCommand } = await import("../commands/reproduce.ts");
      await runReproduceCommand(folder, { ...flags, threads });
    });
  return withHelp(command, [
    {
      title: "Exit codes:",
      items: [
        ["1", "reproduced"],
        ["2", "not reproduced, which proves nothing"],
        ["254", "bad arguments, such as a run that did not fail"],
        ["255", "internal error"],
      ],
    },
    {
      title: "Example:",
      below: true,
      items: [
        ["keelhaul reproduce store/latest", "nodes, settings, workload and faults as they were, in virtual time"],
      ],
    },
  ]);
}
