import { Command } from "commander";
import { UsageError } from "../../errors/errors.ts";
import { type HelpSection, withHelp } from "./help.ts";

export function cleanCommand(): Command {
  const command = new Command("clean")
    .description("Remove what killed runs left on this machine, or old runs; running tests are kept")
    .option("--runs", "remove old runs instead: print those beyond a limit, and ask")
    .optionsGroup("With --runs:")
    .option("--older-than <age>", "remove runs that started longer ago, such as 7d or 12h")
    .option("--keep <count>", "keep this many of the newest runs")
    .option("--max-size <size>", "keep the newest runs that fit into this size together, such as 2GB")
    .option("--yes", "do not ask")
    .option("--store <folder>", "the folder of the runs", "store")
    .action(async ({ runs, ...flags }) => {
      if (!runs) requireNoLimits(command);
      const { runClean, runPrune } = await import("../commands/clean.ts");
      await (runs ? runPrune(flags) : runClean());
    });
  return withHelp(command, [examples, exitCodes]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul clean", "end the processes and remove the containers and data of killed runs"],
    ["keelhaul clean --runs --older-than 7d --keep 100", "keep at most 100 runs, none older than a week"],
  ],
};

const exitCodes: HelpSection = {
  title: "Exit codes:",
  items: [
    ["0", "done"],
    ["2", "something was left alone; its reason is on stderr"],
    ["254", "bad arguments"],
  ],
};

/** A user who gives a limit expects that runs are removed. */
function requireNoLimits(command: Command): void {
  const given = command.options.find((option) => command.getOptionValueSource(option.attributeName()) === "cli");
  if (given !== undefined) throw new UsageError(`${given.long}: works only with --runs`);
}
