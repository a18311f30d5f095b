import { Command } from "commander";
import { withHelp } from "./help.ts";

export function cleanCommand(): Command {
  const command = new Command("clean")
    .description("Remove the processes and containers that killed runs left on this machine; running tests are kept")
    .action(async () => {
      const { runClean } = await import("../commands/clean.ts");
      await runClean();
    });
  return withHelp(command, []);
}
