import { parentPort } from "node:worker_threads";
import { type TrialOptions, tryInMemory } from "./trial.ts";

/** A thread that carries out one trial after another. What fails ends it, and the pool hears why. */
parentPort?.on("message", async (options: TrialOptions) => {
  parentPort?.postMessage(await tryInMemory(options));
});
