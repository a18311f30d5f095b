import { parentPort } from "node:worker_threads";
import type { TrialOptions } from "../trial.ts";
import { validTrial } from "./trials.ts";

/** Answers as the name of a trial says: never, with its own end, with an error, or that all is well. */
parentPort?.on("message", ({ name }: TrialOptions) => {
  if (name === "hangs") for (;;);
  if (name === "ends") process.exit();
  if (name === "fails") throw new Error("out of luck");
  parentPort?.postMessage(validTrial);
});
