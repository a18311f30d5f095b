import { Command } from "commander";
import { exitCodesSection, jsonOption, quietOption } from "./common-options.ts";
import { countOption, mostRuns } from "./count-option.ts";
import { withHelp } from "./help.ts";

export function rerunCommand(): Command {
  const command = new Command("rerun")
    .description("Run the test of a stored run again: same options, same seed, same faults")
    .argument("<run>", "a run folder (store/latest is the newest)")
    .option(
      "--until-fails <count>",
      "run it until it fails, at most this many times",
      countOption("--until-fails", 1, mostRuns),
    )
    .option("--store <folder>", "the folder for the run folders", "store")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (folder, flags) => {
      const { runRerunCommand } = await import("../commands/rerun.ts");
      await runRerunCommand(folder, flags);
    });
  return withHelp(command, [
    exitCodesSection,
    {
      title: "Example:",
      below: true,
      items: [["keelhaul rerun store/latest --until-fails 20", "until the same test fails again"]],
    },
  ]);
}
