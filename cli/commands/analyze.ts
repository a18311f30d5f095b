import { isRunFolder } from "../../history/run-folder.ts";
import { wallClock } from "../../time/clock.ts";
import { analyzeInput } from "../analyze/analyze-input.ts";
import { type AnalyzeFlags, type AnalyzeRequest, readFlags } from "../analyze/flags.ts";
import { type Input, openInput } from "../analyze/input.ts";
import { analysisProgress } from "../analyze/progress.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { printOutcome } from "../outcome.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";
import type { Reported } from "../write-report.ts";

/** `keelhaul analyze`: judges a stored history again, exactly as at the end of its run, or one from elsewhere. */
export async function runAnalyzeCommand(path: string, flags: AnalyzeFlags): Promise<void> {
  const beganMs = performance.now();
  const request = readFlags(flags);
  using input = await openInput(path, process.stdin);
  const { results, report } = await analyzeShown(input, request);
  const seconds = (performance.now() - beganMs) / 1000;
  process.exitCode = exitCodes[results.verdict];
  printOutcome({ results, folder: input.name, report, seconds }, flags.json === true, process.stdout);
  const hasHint = flags.json !== true && flags.report === undefined && !isRunFolder(input.path);
  if (hasHint) process.stdout.write("  report      none; --report PATH writes one\n");
}

const interruptionSays = { ...stopping, first: "stopping, and reporting what is decided so far" };

/** The analysis, with its progress shown until it is over. */
async function analyzeShown(input: Input, request: AnalyzeRequest): Promise<Reported> {
  const clock = wallClock();
  using status = statusLine(progressOutput(false), clock, "q stops and reports what is decided so far");
  return await interruptible(interruptionSays, status.say, async ({ signal, interrupt }) => {
    using _keys = stopKeys(false, interrupt);
    const controls = { say: status.say, hear: analysisProgress(status, clock), signal };
    return await analyzeInput(input, request, controls);
  });
}
