import { Command } from "commander";
import { modelDescriptions } from "../../analysis/chosen-model.ts";
import { modelNames } from "../../analysis/transactions/models.ts";
import { HistoryError } from "../../history/history-error.ts";
import { importFormats } from "../../history/import/registry.ts";
import { analyzeInput } from "../analyze/analyze-input.ts";
import { type AnalyzeFlags, checkerNames, formatNames, readFlags } from "../analyze/flags.ts";
import { type Input, openInput } from "../analyze/input.ts";
import { exitCodes } from "../exit-codes.ts";
import { printOutcome } from "../outcome.ts";

/** `keelhaul analyze`: judges a stored history again, exactly as at the end of its run, or one from elsewhere. */
export function analyzeCommand(): Command {
  return new Command("analyze")
    .description("judge a run's history, also one that was cut short, or one of Jepsen's or Porcupine's")
    .argument("<run>", "a run folder (store/latest is the newest), a history file, or - for standard input")
    .option("--format <name>", `how it is written: ${formatNames} (default: by how it begins)`)
    .option("--model <name>", "what it is compared with, see below (default: the run's own, or by its operations)")
    .option("--initial <value>", "what the model holds at first, as JSON (default: nothing)")
    .option(
      "--nil-read <meaning>",
      "a read of nil says absent or unknown (default absent; of registers in edn unknown)",
    )
    .option("--checker <names>", "judge by these instead of a model, by comma, see below")
    .option("--consistency <model>", "what transactions have to be, see below (default strict-serializable)")
    .option("--independent", "values are [key value], as in Jepsen's independent tests")
    .option("--json", "print one JSON object as the last line on stdout")
    .addHelpText("after", describeChoices())
    .action(runAnalyzeCommand);
}

async function runAnalyzeCommand(path: string, flags: AnalyzeFlags): Promise<void> {
  const beganMs = performance.now();
  const request = readFlags(flags);
  using input = await openInput(path, process.stdin);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { results, report } = await inputsOwnName(input, () => analyzeInput(input, request, say));
  const seconds = (performance.now() - beganMs) / 1000;
  printOutcome({ results, folder: input.name, report, seconds }, flags.json === true, process.stdout);
  process.exitCode = exitCodes[results.verdict];
}

/** Standard input is read from a file, whose name means nothing to anybody. */
async function inputsOwnName<Result>({ path, name }: Input, deed: () => Promise<Result>): Promise<Result> {
  try {
    const result = await deed();
    return path === name ? result : (JSON.parse(JSON.stringify(result).replaceAll(path, name)) as Result);
  } catch (error) {
    if (error instanceof HistoryError) error.message = error.message.replaceAll(path, name);
    throw error;
  }
}

function describeChoices(): string {
  const formats = importFormats.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`);
  const models = Object.entries(modelDescriptions).map(([name, text]) => `  ${name.padEnd(16)} ${text}`);
  const names = `Checkers:\n  ${checkerNames}\n\nConsistency models:\n  ${modelNames.join(", ")}`;
  return `\nFormats:\n${formats.join("\n")}\n\nModels:\n${models.join("\n")}\n\n${names}`;
}
