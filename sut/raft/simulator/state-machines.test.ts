import { expect, test } from "vitest";
import { ordeal, quickKnobs } from "./test-support/virtual-cluster.ts";

/** Snapshots after every few entries, and a log that does not reach far behind them. */
const knobs = { ...quickKnobs, snapshotEntries: 20, trailingEntries: 2 };

/** The invariants that are broken by a variant of the store, in any of these worlds. */
async function brokenBy(mutant: string, seeds: number): Promise<Set<string>> {
  const broken = new Set<string>();
  for (let seed = 1; seed <= seeds; seed++) {
    const { violation } = await ordeal({ seed, knobs, mutant });
    if (violation !== null) broken.add(violation.invariant);
  }
  return broken;
}

test.for(["M80", "M81"])("a command that is carried out twice (%s) is seen where that happens: I20", async (mutant) => {
  expect(await brokenBy(mutant, 10)).toContain("I20");
});

test.for(["M72", "M72b", "M73"])("a snapshot that is not what it says (%s) is seen: I21", async (mutant) => {
  expect(await brokenBy(mutant, 10)).toContain("I21");
});
