import { Command } from "commander";
import { exportFormats } from "../../history/export/registry.ts";
import { namesIn } from "./common-options.ts";
import { withHelp } from "./help.ts";

export function exportCommand(): Command {
  const command = new Command("export")
    .description("Convert a history for other tools")
    .argument("<run>", "a run folder (store/latest is the newest), or a history file that `keelhaul analyze` reads")
    .requiredOption("--format <name>", `the format to write: ${namesIn(exportFormats)}`)
    .option("--output <file>", "a new file to write (default: standard output)")
    .option("--max-history-bytes <size>", "the most that a compressed history may expand to (default: 2GB)")
    .action(async (run, flags) => {
      const { runExportCommand } = await import("../commands/export.ts");
      await runExportCommand(run, flags);
    });
  return withHelp(command, [
    { title: "Formats:", items: exportFormats.map(({ name, description }) => [name, description]) },
    {
      title: "Examples:",
      below: true,
      items: [
        ["keelhaul export store/latest --format edn", "for Jepsen, Knossos and Elle"],
        ["keelhaul export store/latest --format parquet --output run.parquet", "for DuckDB and pandas"],
      ],
    },
  ]);
}
