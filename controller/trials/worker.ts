import { parentPort } from "node:worker_threads";
import { UsageError } from "../errors.ts";
import { type Trial, type TrialOptions, tryInMemory } from "./trial.ts";

/** What a thread answers: what became of the trial, or why its options cannot be carried out. */
export type TrialAnswer = { readonly trial: Trial } | { readonly refused: string };

const answer = (message: TrialAnswer): void => parentPort?.postMessage(message);

/** A thread that carries out one trial after another. What fails ends it, and the pool hears why. */
parentPort?.on("message", (options: TrialOptions) => {
  tryInMemory(options).then(
    (trial) => answer({ trial }),
    (cause) => {
      if (!(cause instanceof UsageError)) throw cause;
      answer({ refused: cause.message });
    },
  );
});
