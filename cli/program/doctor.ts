import { Command } from "commander";
import { withHelp } from "./help.ts";

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Check what works on this machine, and print how to get the rest")
    .action(async () => {
      const { runDoctor } = await import("../commands/doctor.ts");
      await runDoctor();
    });
  return withHelp(command, []);
}
