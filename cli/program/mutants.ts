import { availableParallelism } from "node:os";
import { Command } from "commander";
import { backends } from "../../hosts/registry.ts";
import { exitCodesSection, jsonOption, namesIn, quietOption } from "./common-options.ts";
import { countOption, mostRuns, mostThreads } from "./count-option.ts";
import { type HelpSection, withHelp } from "./help.ts";

export function mutantsCommand(): Command {
  const command = new Command("mutants")
    .description(
      "Break the Raft store's rules one at a time, and show which checks detect it; the correct store is the control",
    )
    .option("--only <ids>", "these mutants, separated by commas, such as M06,M24 (default: all; docs/mutants.md)")
    .option("--backend <name>", `where the nodes run: ${namesIn(backends)}`, "sim")
    .option(
      "--seeds <count>",
      "most runs of a mutant, which stop when it is detected",
      countOption("--seeds", 1, mostRuns),
      200,
    )
    .option(
      "--control-seeds <count>",
      "runs of the correct store in each configuration",
      countOption("--control-seeds", 1, mostRuns),
      10,
    )
    .option(
      "--threads <count>",
      "simulated runs at the same time (default: one per core)",
      countOption("--threads", 1, mostThreads),
    )
    .option("--time-limit <duration>", "how long clients send operations, unless the mutant needs another", "100s")
    .option("--rate <number>", "operations per second, unless the mutant needs another", "100")
    .optionsGroup("Output:")
    .option("--store <folder>", "the folder for the run folders", "store")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async ({ threads = availableParallelism(), ...flags }) => {
      const { runMutants } = await import("../commands/mutants.ts");
      await runMutants({ ...flags, threads });
    });
  return withHelp(command, [examples, exitCodesSection]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul mutants --only M06,M24", "two mutants"],
    ["keelhaul mutants --seeds 20 --control-seeds 2", "all mutants, with fewer runs of each"],
  ],
};
