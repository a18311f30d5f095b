import { Command } from "commander";
import { exitCodesSection, jsonOption, quietOption } from "./common-options.ts";
import { countOption, mostRuns } from "./count-option.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { addPlanOptions } from "./plan-options.ts";

export function compareCommand(): Command {
  const command = new Command("compare")
    .description(
      "Compare values of options, such as read modes: cost, behaviour under faults, and correctness, side by side",
    )
    .option(
      "--axis <option=values>",
      "an option of keelhaul test and its values, such as read-mode=local,lease, or a knob: set.fsync=true,false;" +
        " two axes make a grid",
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option(
      "--repeat <count>",
      "runs of each combination; all of a repetition share their seed and fault schedule (default: 3)",
      countOption("--repeat", 1, mostRuns),
    )
    .option("--continue <folder>", "complete an interrupted comparison");
  addPlanOptions(command, "Cluster:");
  addPlanOptions(command, "Load:");
  addPlanOptions(command, "Fault injection:");
  addPlanOptions(command, "Checks:");
  addPlanOptions(command, "Output:")
    .option("--config <file>", "read options from a YAML file; the command line wins")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (flags) => {
      const { runCompare } = await import("../commands/compare.ts");
      await runCompare(flags);
    });
  return withHelp(command, [examples, exitCodesSection]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    [
      "keelhaul compare --axis read-mode=local,log,read-index,lease --nemesis partition:leader",
      "what each read mode costs, and which ones are wrong",
    ],
    ["keelhaul compare --axis set.fsync=true,false --axis nodes=3,5 --nemesis kill", "a grid of four"],
    ["keelhaul compare --continue store/compare/20260102T030405Z", "go on where it was interrupted"],
  ],
};
