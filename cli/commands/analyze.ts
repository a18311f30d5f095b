import { HistoryError } from "../../history/history-error.ts";
import { analyzeInput } from "../analyze/analyze-input.ts";
import { type AnalyzeFlags, readFlags } from "../analyze/flags.ts";
import { type Input, openInput } from "../analyze/input.ts";
import { exitCodes } from "../exit-codes.ts";
import { printOutcome } from "../outcome.ts";

/** `keelhaul analyze`: judges a stored history again, exactly as at the end of its run, or one from elsewhere. */
export async function runAnalyzeCommand(path: string, flags: AnalyzeFlags): Promise<void> {
  const beganMs = performance.now();
  const request = readFlags(flags);
  using input = await openInput(path, process.stdin);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { results, report } = await inputsOwnName(input, () => analyzeInput(input, request, say));
  const seconds = (performance.now() - beganMs) / 1000;
  process.exitCode = exitCodes[results.verdict];
  printOutcome({ results, folder: input.name, report, seconds }, flags.json === true, process.stdout);
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
