import { expect, test } from "vitest";
import { validTrial } from "../trials/test-support/trials.ts";
import type { TrialOptions } from "../trials/trial.ts";
import { firstDetection } from "./first-detection.ts";

/** A search in which the runs of some seeds detect the mutant. */
async function search(detecting: readonly number[], threads: number, signal = new AbortController().signal) {
  const ran: number[] = [];
  const run = async ({ seed }: TrialOptions) => {
    ran.push(Number(seed));
    return detecting.includes(Number(seed))
      ? { ...validTrial, verdict: "invalid" as const, failure: "I4" }
      : validTrial;
  };
  const { found, seeds } = await firstDetection({
    ...{ options: { mutant: "M24" }, seeds: 6, run, threads, signal, tell: () => {} },
  });
  return { seed: found?.seed, options: found?.options, seeds, ran };
}

test("seeds are tried in order until one detects the mutant", async () => {
  expect(await search([3, 5], 1)).toEqual({ seed: 3, options: { mutant: "M24", seed: 3 }, seeds: 3, ran: [1, 2, 3] });
  expect(await search([3, 4], 4)).toMatchObject({ seed: 3, seeds: 3 });
});

test("a mutant that no seed detects survives as many runs as were asked for", async () => {
  expect(await search([], 2)).toMatchObject({ seed: undefined, seeds: 6 });
});

test("an interrupted search begins no run", async () => {
  expect(await search([1], 2, AbortSignal.abort())).toMatchObject({ seed: undefined, seeds: 0, ran: [] });
});
