import { parentPort } from "node:worker_threads";
import { makePlan } from "../../controller/plan.ts";
import type { TrialOptions } from "../../controller/trials/trial.ts";
import { runAndReport } from "../run-and-report.ts";

/** A thread that carries out runs with their folders, and answers where their reports are. */
parentPort?.on("message", async (options: TrialOptions) => {
  const { signal } = new AbortController();
  const controls = { signal, tell: () => {}, watched: false, startedAt: new Date() };
  const { report } = await runAndReport(makePlan(options, 0), controls);
  parentPort?.postMessage(report);
});
