import type { Trial } from "../trial.ts";

/** A run in which nothing went wrong. */
export const validTrial: Trial = {
  verdict: "valid",
  summary: "",
  brokenInside: false,
  failure: null,
  operations: 1,
  failedAtMs: null,
  virtualMs: 1,
  seconds: 1,
  digest: "d",
};
