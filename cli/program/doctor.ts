import { Command, Option } from "commander";
import { backends } from "../../hosts/registry.ts";
import { namesIn } from "./common-options.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { addBackendOptions } from "./plan-options.ts";

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Try what works on this machine, and print how to get the rest")
    .addOption(new Option("--backend <name>", `try only this backend: ${namesIn(backends)} (default: all)`));
  addBackendOptions(command).action(async (flags) => {
    const { runDoctor } = await import("../commands/doctor.ts");
    await runDoctor(flags);
  });
  return withHelp(command, [examples]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul doctor", "every capability of every backend, and the faults that each one enables"],
    ["keelhaul doctor --backend docker --image my-store:1.2", "whether faults work in an image of your own"],
  ],
};
