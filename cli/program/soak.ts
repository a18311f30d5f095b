import { Command } from "commander";
import { exitCodesSection, jsonOption, quietOption } from "./common-options.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { addPlanOptions } from "./plan-options.ts";

export function soakCommand(): Command {
  const command = new Command("soak")
    .description("Run one cluster for long under load and all faults, and check each part of it while the next goes on")
    .option(
      "--segment <duration>",
      "how long each part lasts, which has a workload, keys and a report of its own",
      "2m",
    )
    .option("--max-memory <size>", "most memory that Keelhaul itself may take for the soak to be valid", "400MB");
  addPlanOptions(command, "Cluster:");
  addPlanOptions(command, "Load:");
  addPlanOptions(command, "Fault injection:");
  addPlanOptions(command, "Checks:");
  addPlanOptions(command, "Output:")
    .option("--config <file>", "read options from a YAML file; the command line wins")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (flags) => {
      const { runSoakCommand } = await import("../commands/soak.ts");
      await runSoakCommand(flags);
    });
  return withHelp(command, [differences, examples, exitCodesSection]);
}

const differences: HelpSection = {
  title: "Other than in keelhaul test:",
  items: [
    ["--time-limit", "30m by default"],
    ["--nemesis", "all by default"],
    ["--workload", "workloads by comma, taken in turn; by default all that fit the system"],
  ],
};

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul soak", "half an hour of all workloads and all faults"],
    ["keelhaul soak --time-limit 8h --workload register,append --fail-fast", "overnight, until something is wrong"],
  ],
};
