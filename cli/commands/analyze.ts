import { Command } from "commander";
import { analyzeRun } from "../../analysis/analyze-run.ts";
import { writeReport } from "../../reports/write.ts";
import { exitCodes } from "../exit-codes.ts";
import { printOutcome } from "../outcome.ts";

/** `keelhaul analyze`: judges a stored history again, exactly as at the end of its run. */
export function analyzeCommand(): Command {
  return new Command("analyze")
    .description("judge a run's history, also one that was cut short")
    .argument("<run>", "a run folder (store/latest is the newest), or a history file")
    .option("--json", "print one JSON object as the last line on stdout")
    .action(async (path: string, flags: { json?: true }) => {
      const beganMs = performance.now();
      const results = await analyzeRun(path);
      const report = writeReport(path, results);
      const seconds = (performance.now() - beganMs) / 1000;
      printOutcome({ results, folder: path, report, seconds }, flags.json === true, process.stdout);
      process.exitCode = exitCodes[results.verdict];
    });
}
