import { Command } from "commander";
import { withHelp } from "./help.ts";

export function reportCommand(): Command {
  const command = new Command("report")
    .description("Write the report of a run again, from its stored history and results")
    .argument("<run>", "a run folder (store/latest is the newest)")
    .action(async (folder) => {
      const { runReportCommand } = await import("../commands/report.ts");
      runReportCommand(folder);
    });
  return withHelp(command, [
    {
      title: "Example:",
      below: true,
      items: [["keelhaul report store/latest", "prints the path of the page"]],
    },
  ]);
}
