import { Command } from "commander";
import { checkerNames } from "../../analysis/checker-names.ts";
import { modelDescriptions } from "../../analysis/chosen-model.ts";
import { modelNames } from "../../analysis/transactions/model-table.ts";
import { importFormats } from "../../history/import/registry.ts";
import { exitCodesSection, jsonOption, namesIn } from "./common-options.ts";
import { type HelpSection, withHelp } from "./help.ts";

export function analyzeCommand(): Command {
  const command = new Command("analyze")
    .description("Check a stored history: of a run, also of an interrupted one, or from Jepsen or Porcupine")
    .argument("<run>", "a run folder (store/latest is the newest), a history file, or - for standard input")
    .optionsGroup("Reading:")
    .option("--format <name>", `the file's format: ${namesIn(importFormats)} (default: detected from its beginning)`)
    .option("--max-history-bytes <size>", "the most that a compressed history may expand to (default: 2GB)")
    .option("--independent", "values are [key value] pairs, as in Jepsen's independent tests")
    .optionsGroup("Checking:")
    .option("--model <name>", "the model to check against, from the list below (default: the run's, or detected)")
    .option("--initial <value>", "the model's initial value, as JSON (default: none)")
    .option(
      "--nil-read <meaning>",
      "what reading nil means: absent or unknown (default: absent; unknown for registers in Jepsen's formats)",
    )
    .option("--checker <names>", "run these checkers instead of a model, separated by commas")
    .option(
      "--consistency <models>",
      `the consistency models for transactions, by comma: ${modelNames.join(", ")} (default: strict-serializable)`,
    )
    .option("--all-violations", "search every object to its end, also when one is refuted")
    .option("--bank-accounts <names>", "the accounts of checker bank, by comma (default: those in the history)")
    .option("--bank-total <amount>", "what all accounts hold together (default: what most reads add up to)")
    .option("--bank-overdraft", "accounts may be below zero")
    .option("--check-time <duration>", "the most time that checking may take (default: 5m)")
    .option("--check-memory <size>", "the most memory that checking may take (default: 4GB)")
    .optionsGroup("Output:")
    .option(
      "--report <path>",
      "write the report to this new file, or into this folder (default: only for a run, in its folder)",
    )
    .option("--no-report", "write no report")
    .addOption(jsonOption())
    .action(async (path, flags) => {
      const { runAnalyzeCommand } = await import("../commands/analyze.ts");
      await runAnalyzeCommand(path, flags);
    });
  return withHelp(command, [...choices(), examples, exitCodesSection]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul analyze store/latest", "check the newest run again"],
    ["keelhaul analyze history.edn --report page.html", "check a history from Jepsen, and explain it in a page"],
    ["zstdcat history.jsonl.zst | keelhaul analyze - --json", "check what another program writes"],
  ],
};

function choices(): HelpSection[] {
  return [
    { title: "Formats:", items: importFormats.map(({ name, description }) => [name, description]) },
    { title: "Models:", items: Object.entries(modelDescriptions) },
    { title: "Checkers (docs/checkers.md):", items: [[checkerNames.join(", "), ""]] },
  ];
}
