import { judgeSoak, type Soak } from "../../analysis/soak.ts";
import { segmentsOf, soakPlan, workloadsFor } from "../../controller/batch/soak/segments.ts";
import { exactDuration, parseDurationMs } from "../../controller/plan/duration.ts";
import { optionWords, shellWord } from "../../controller/plan/repeat.ts";
import { OptionError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseBytes } from "../size.ts";
import { carryOutSoak } from "../soak/carry-out.ts";
import { printSoak } from "../soak/outcome.ts";
import { writeSoakPage } from "../soak/page.ts";
import { drawSeed, readTestOptions, type TestFlags } from "../test-options.ts";
import { pageOrWarning } from "../write-report.ts";

interface SoakFlags extends TestFlags {
  readonly segment: string;
  readonly maxMemory: string;
  readonly json?: true;
  readonly quiet?: true;
}

const usualTimeLimitMs = 30 * 60_000;

/** `keelhaul soak`: one cluster under load and faults for long, judged segment by segment. */
export async function runSoakCommand({ json, quiet, ...flags }: SoakFlags): Promise<void> {
  const beganMs = performance.now();
  const begun = await readSoak(flags);
  const plan = soakPlan(begun);
  const segments = segmentsOf(begun);
  const { soak, folder, warnings } = await carryOutSoak(begun, segments, quiet === true || json === true);
  const planned = segments.length;
  const shared = optionWords(plan, ["workload", "name", "timeLimit", "seed"]);
  const command = [
    "npx keelhaul soak",
    ...shared,
    `--workload ${shellWord(soak.workloads.join(","))}`,
    `--time-limit ${exactDuration(soak.timeLimitMs)} --segment ${exactDuration(soak.segmentMs)} --seed ${soak.seed}`,
  ].join(" ");
  const report = await pageOrWarning(() => writeSoakPage(folder, { soak, planned, command }));
  process.exitCode = exitCodes[judgeSoak(soak, planned).verdict];
  const seconds = (performance.now() - beganMs) / 1000;
  printSoak({ soak, planned, folder, report, warnings, seconds }, json === true, process.stdout);
}

async function readSoak({ segment, maxMemory, ...flags }: SoakFlags): Promise<Soak> {
  const { workload: flag, ...others } = flags;
  const { plan, options } = await readTestOptions(others, drawSeed());
  const { workload = flag, timeLimit, name: _name, seed: _seed, ...shared } = options as Record<string, unknown>;
  return {
    options: { nemesis: ["all"], ...shared },
    workloads: workload === undefined ? [...workloadsFor(plan.system)] : namesIn(flag ?? workload),
    timeLimitMs: timeLimit === undefined ? usualTimeLimitMs : plan.timeLimitMs,
    segmentMs: parseSegment(segment),
    seed: plan.seed,
    maxMemoryMb: parseMemory(maxMemory),
    ...{ segments: [], resources: [] },
  };
}

function namesIn(workload: unknown): string[] {
  return Array.isArray(workload) ? workload.map(String) : String(workload).split(",");
}

function parseSegment(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === null || ms <= 0) throw new OptionError(["segment"], `got ${quote(text)}; expected a duration such as 2m`);
  return ms;
}

function parseMemory(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null || bytes === 0)
    throw new OptionError(["maxMemory"], `got ${quote(text)}; expected a size such as 400MB`);
  return bytes / 1e6;
}
