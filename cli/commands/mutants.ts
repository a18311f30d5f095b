import { availableParallelism } from "node:os";
import { Command } from "commander";
import { UsageError } from "../../controller/errors.ts";
import { backends } from "../../controller/hosts/registry.ts";
import { caughtBy, isComplete, type MatrixLine, tryMutants } from "../../controller/mutants/matrix.ts";
import { makePlan, type Plan } from "../../controller/plan.ts";
import { namesOf } from "../../controller/plan-options.ts";
import { createFolder } from "../../controller/store.ts";
import { TrialPool } from "../../controller/trials/pool.ts";
import { type TrialOptions, trialOf } from "../../controller/trials/trial.ts";
import type { SystemMutant } from "../../sut/system.ts";
import { countOption } from "../count-option.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Evidence, sightings, writePages } from "../mutants/pages.ts";
import { runAndReport } from "../run-and-report.ts";

interface MutantsFlags {
  readonly only?: string;
  readonly backend: string;
  readonly seeds: number;
  readonly timeLimit: string;
  readonly rate: string;
  readonly store: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** `keelhaul mutants`: whether tests would notice, for each way in which the store can be wrong. */
export function mutantsCommand(): Command {
  return new Command("mutants")
    .description("break the store's rules one at a time, and see what notices; the correct store is the control")
    .option("--only <ids>", "mutants by comma, such as M06,M24 (default: all)")
    .option("--backend <name>", `where nodes run: ${namesOf(backends)}`, "sim")
    .option("--seeds <count>", "runs of each mutant at most", countOption("--seeds", 1), 5)
    .option("--time-limit <duration>", "how long the clients of a run keep going, where a mutant does not say", "100s")
    .option("--rate <per second>", "operations a second, where a mutant does not say", "100")
    .option("--store <folder>", "where run folders go", "store")
    .option("--json", "print one JSON object as the last line on stdout")
    .option("--quiet", "no progress")
    .action(runMutants);
}

async function runMutants(flags: MutantsFlags): Promise<void> {
  const { backend, seeds, timeLimit, rate, store } = flags;
  const common = { backend, timeLimit, rate, store };
  const plan = makePlan(common, 0);
  const mutants = chosen(plan.system.mutants ?? [], flags.only);
  const tell = flags.quiet ? () => {} : (line: MatrixLine) => process.stderr.write(`${describe(line)}\n`);
  const { run, close } = runner(plan);
  const hasInvariants = plan.checkers.includes("invariants");
  const lines = await tryMutants({ mutants, seeds, common, hasInvariants, run, tell }).finally(close);
  const evidence = new Map<string, Evidence[]>();
  for (const line of lines) evidence.set(line.id, await reportsOf(line));
  const folder = await createFolder(store, "mutants", new Date());
  const command = `npx keelhaul mutants --backend ${backend} --seeds ${seeds} --time-limit ${timeLimit} --rate ${rate}${flags.only === undefined ? "" : ` --only ${flags.only}`}`;
  const page = { system: plan.system.name, backend, command };
  const report = await writePages(folder, { ...page, lines, evidence });
  const caught = lines.filter((line) => caughtBy(line) !== "no").map(({ id }) => id);
  const missed = lines.map(({ id }) => id).filter((id) => !caught.includes(id));
  const accused = lines.filter(({ control }) => control.invalid !== null).map(({ id }) => id);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ mutants: lines.length, caught: caught.length, missed, accused, report, lines })}\n`
      : `${caught.length} of ${lines.length} mutants caught; not caught: ${missed.join(", ") || "none"}; correct store accused: ${accused.join(", ") || "never"}\n${report}\n`,
  );
  process.exitCode = isComplete(lines) ? exitCodes.valid : exitCodes.invalid;
}

function chosen(mutants: readonly SystemMutant[], only: string | undefined): readonly SystemMutant[] {
  if (only === undefined) return mutants;
  return only.split(",").map((id) => {
    const found = mutants.find((mutant) => mutant.id === id.trim());
    if (found) return found;
    throw new UsageError(`--only: got ${JSON.stringify(id)}; expected some of ${mutants.map((m) => m.id).join(", ")}`);
  });
}

/** In virtual time one run a core, in memory; on machines one after another, each with its folder. */
function runner({ backend }: Plan) {
  if (backend.kind === "simulated") {
    const pool = new TrialPool(availableParallelism());
    return { run: (options: TrialOptions) => pool.run(options), close: () => pool.close() };
  }
  let last: Promise<unknown> = Promise.resolve();
  const run = (options: TrialOptions) => {
    const next = last.then(() => runOnce(options));
    last = next.catch(() => undefined);
    return next.then(({ results, seconds }) => trialOf(results, seconds));
  };
  return { run, close: async () => {} };
}

/** The runs that caught the mutant once more, now with their folders and reports. */
async function reportsOf(line: MatrixLine): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  for (const { seed, options } of sightings(line)) {
    const { results, report } = await runOnce({ ...options, name: `mutant-${line.id}` });
    evidence.push({ summary: results.summary, seed, report });
  }
  return evidence;
}

function runOnce(options: TrialOptions) {
  const { signal } = new AbortController();
  return runAndReport(makePlan(options, 0), { signal, tell: () => {}, watched: false, startedAt: new Date() });
}

function describe(line: MatrixLine): string {
  const { id, name, byInvariants, byClients, control } = line;
  const seconds = (byInvariants?.seconds ?? 0) + byClients.seconds;
  const found = sightings(line).map(({ seed, summary }) => `seed ${seed}: ${summary.slice(0, 90)}`);
  const accused = control.invalid === null ? "" : `  CONTROL INVALID (seed ${control.invalid.seed})`;
  return `${id.padEnd(5)} ${name.padEnd(32)} ${caughtBy(line).padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${found.join(" | ")}${accused}`;
}
