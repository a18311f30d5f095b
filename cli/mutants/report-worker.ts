import { parentPort } from "node:worker_threads";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { runQuietly } from "../run-and-report.ts";

/** A thread that carries out runs with their folders, and answers where their reports are. */
parentPort?.on("message", async (options: TrialOptions) => {
  const { report } = await runQuietly(makePlan(options, 0), { signal: new AbortController().signal });
  parentPort?.postMessage(report);
});
