import { Command } from "commander";
import { reportFormats } from "../../reports/run/formats.ts";
import { namesIn } from "./common-options.ts";
import { withHelp } from "./help.ts";

export function reportCommand(): Command {
  const command = new Command("report")
    .description("Write the report of a run again, from its stored history and results")
    .argument("<run>", "a run folder (store/latest is the newest)")
    .option("--format <name>", `the format to write: ${namesIn(reportFormats)}`, reportFormats[0].name)
    .action(async (folder, flags) => {
      const { runReportCommand } = await import("../commands/report.ts");
      await runReportCommand(folder, flags);
    });
  return withHelp(command, [
    { title: "Formats:", items: reportFormats.map(({ name, description }) => [name, description]) },
    {
      title: "Examples:",
      below: true,
      items: [
        ["keelhaul report store/latest", "prints the path of the page"],
        ["keelhaul report store/latest --format markdown", "for an issue tracker"],
      ],
    },
  ]);
}
