import { parentPort } from "node:worker_threads";
import { type TrialOptions, tryInMemory } from "./trial.ts";

/** A thread that carries out one trial after another. */
parentPort?.on("message", (options: TrialOptions) => {
  tryInMemory(options).then(
    (trial) => parentPort?.postMessage(trial),
    (cause) => {
      throw cause;
    },
  );
});
