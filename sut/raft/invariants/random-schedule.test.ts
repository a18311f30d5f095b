import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { RaftBug } from "../core/invariant.ts";
import type { Rules } from "../core/rules.ts";
import type { Entry, NodeId } from "../core/types.ts";
import { conductOf } from "../mutants/registry.ts";
import { Schedule, type ScheduleOptions } from "./test-support/schedule.ts";
import { InvariantViolation } from "./violation.ts";

/**
 * After every step of every schedule the invariants must hold. A failure names its seed; a broken rule names the invariant
 * that finds it first, which says what the rule is for.
 */
const seeds = 200;

test.each<{ name: string } & Setting>([
  { name: "3 nodes", nodes: 3, config: {} },
  { name: "5 nodes", nodes: 5, config: {} },
  {
    name: "3 nodes without pre-vote, check quorum and no-op",
    nodes: 3,
    config: { preVote: false, checkQuorum: false, noop: false },
  },
  {
    name: "5 nodes with one entry a message",
    nodes: 5,
    config: { maxEntriesPerAppend: 1, noop: false, preVote: false },
  },
  { name: "3 voters of 5 nodes, changing", nodes: 5, voters: 3, config: {} },
  {
    name: "4 voters of 6 nodes, changing, without pre-vote, check quorum and no-op",
    nodes: 6,
    voters: 4,
    config: { preVote: false, checkQuorum: false, noop: false },
  },
  { name: "3 nodes with entries that trail a snapshot", nodes: 3, config: { trailingEntries: 3 } },
])("safety holds under random schedules: $name", (setting) => {
  const committed = { entries: 0, changes: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const entries = run(seed, setting, {});
    committed.entries += entries.length;
    committed.changes += entries.filter(({ kind }) => kind === "config").length;
  }
  expect(committed.entries / seeds, "entries committed in a schedule").toBeGreaterThan(10);
  if (setting.voters !== undefined) expect(committed.changes / seeds, "changes of members").toBeGreaterThan(1);
});

test.each<{ mutant: string; by: string; config?: Setting["config"] }>([
  { mutant: "M01", by: "I10" },
  { mutant: "M02", by: "I10" },
  { mutant: "M02b", by: "I10" },
  { mutant: "M06", by: "I4" },
  { mutant: "M07", by: "I4" },
  { mutant: "M09", by: "the core itself" },
  { mutant: "M11", by: "I8" },
  { mutant: "M11b", by: "I1" },
  { mutant: "M11c", by: "I19" },
  { mutant: "M20", by: "the core itself" },
  { mutant: "M21", by: "I13" },
  { mutant: "M23", by: "the core itself" },
  { mutant: "M26", by: "I12" },
  { mutant: "M27", by: "I8" },
  { mutant: "M28", by: "I13" },
  { mutant: "M28b", by: "I13" },
  { mutant: "M30", by: "I13" },
  { mutant: "M41", by: "I19" },
  { mutant: "M42", by: "I19" },
  { mutant: "M44", by: "I19" },
  // Followers hear of commits sooner, and so snapshot sooner what another still lacks.
  { mutant: "M70", by: "I6", config: { heartbeatMs: 5 } },
  { mutant: "M72", by: "I21" },
  { mutant: "M74b", by: "I12" },
  { mutant: "M75b", by: "the core itself" },
  { mutant: "M76", by: "I6" },
])("the same schedules find a broken rule: $mutant, by $by", ({ mutant, by, config }) => {
  expect(search({ nodes: 3, config: { ...eager, ...config } }, conductOf(mutant).rules)).toBe(by);
});

test("the same schedules find snapshots that take a follower back: snapshotIsAhead, by I9", () => {
  expect(search({ nodes: 3, config: eager }, { snapshotIsAhead: () => true })).toBe("I9");
});

test.each<{ mutant: string; by: string }>([
  { mutant: "M61", by: "I16" },
  { mutant: "M62", by: "I7" },
  { mutant: "M63", by: "I8" },
  { mutant: "M63b", by: "I1" },
  { mutant: "M65", by: "I15" },
  { mutant: "M66", by: "I8" },
  { mutant: "M67", by: "I8" },
  { mutant: "M69b", by: "I16" },
])("schedules that change members find a broken rule: $mutant, by $by", ({ mutant, by }) => {
  expect(search({ nodes: 5, voters: 4, config: eager }, conductOf(mutant).rules)).toBe(by);
});

test("after all faults somebody leads, and members are settled", () => {
  for (let seed = 1; seed <= seeds; seed++) recover(seed, {});
});

test.each(["M67b", "M68", "M69"])("the same schedules find a broken rule by what does not recover: %s", (mutant) => {
  expect(() => {
    for (let seed = 1; seed <= 3000; seed++) recover(seed, conductOf(mutant).rules);
  }).toThrow("nobody leads");
});

function recover(seed: number, broken: Partial<Rules>): void {
  withSeed(seed, (int) => {
    const schedule = new Schedule({ nodes: 4, voters: 2, config: {}, rules: broken, int });
    schedule.run();
    schedule.checkRecovery();
  });
}

/** Without Pre-Vote and CheckQuorum, which make the fatal elections rare. */
const eager = { preVote: false, checkQuorum: false };

function search(setting: Setting, broken: Partial<Rules>): string | null {
  return foundBy((seed) => run(seed, setting, broken));
}

/** The invariant that the first schedule breaks that breaks one; null when none does. */
function foundBy(run: (seed: number) => unknown): string | null {
  for (let seed = 1; seed <= 3000; seed++) {
    try {
      run(seed);
    } catch (error) {
      const { cause } = error as Error;
      if (cause instanceof InvariantViolation) return cause.invariant;
      if (cause instanceof RaftBug) return "the core itself";
      throw error;
    }
  }
  return null;
}

/** The election timeout is 100 ms. Reads are asked at every node. */
const leases = {
  nodes: 3,
  config: { leaseReads: true, checkQuorum: false, leaseDriftPercent: 10 },
  readModes: ["lease", "lease", "follower", "read-index"],
  transfers: true,
  leaseFaults: true,
} as const;

test.each<{ name: string } & Setting>([
  { name: "3 nodes", ...leases },
  { name: "5 nodes", ...leases, nodes: 5 },
  { name: "3 voters of 5 nodes, changing", ...leases, nodes: 5, voters: 3 },
  { name: "without pre-vote", ...leases, config: { ...leases.config, preVote: false } },
])("reads by lease and at followers are linearizable: $name", ({ name: _, ...setting }) => {
  const sums = { entries: 0, reads: 0, transfers: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { committed, reads, transfers } = runWithClocks(seed, setting);
    sums.entries += committed;
    sums.reads += reads;
    sums.transfers += transfers;
  }
  expect(sums.entries / seeds, "entries committed in a schedule").toBeGreaterThan(10);
  expect(sums.reads / seeds, "reads answered in a schedule").toBeGreaterThan(10);
  expect(sums.transfers / seeds, "transfers done in a schedule").toBeGreaterThan(0.2);
});

test.each<{ mutant: string; by: string; driftPercent?: number; setting?: Partial<Setting> }>([
  { mutant: "M43", by: "I19" },
  { mutant: "M45", by: "I19" },
  { mutant: "M46", by: "I18" },
  { mutant: "M46b", by: "I18", setting: { transfers: true } },
  { mutant: "M47", by: "I18" },
  { mutant: "M48", by: "I18", driftPercent: 0 },
  { mutant: "M49b", by: "I18", driftPercent: 200 },
  { mutant: "M50", by: "I18" },
  { mutant: "M52", by: "I18", driftPercent: 0 },
  { mutant: "M53", by: "I18" },
])("the same schedules find what breaks leases and follower reads: $mutant, by $by", ({ mutant, by, ...mistake }) => {
  expect(searchLeases(mistake, conductOf(mutant).rules)).toBe(by);
});

test.each<{ name: string; clock: Clock }>([
  { name: "clocks that differ by more than the bound", clock: (rate, now) => now * (1 + rate) },
  { name: "a clock that is set back", clock: (rate, now) => now - (now > 600 ? 300 * rate : 0) },
])("the same schedules find what breaks leases though all rules hold: $name", ({ clock }) => {
  expect(searchLeases({ clock }, {})).toBe("I18");
});

interface LeaseMistake {
  readonly driftPercent?: number;
  readonly setting?: Partial<Setting>;
  readonly clock?: Clock;
}

function searchLeases({ driftPercent = 10, setting, clock }: LeaseMistake, broken: Partial<Rules>): string | null {
  const config = { ...leases.config, preVote: false, leaseDriftPercent: driftPercent };
  const schedules = { ...leases, config, transfers: false, ...setting };
  return foundBy((seed) => runWithClocks(seed, schedules, broken, clock));
}

type Setting = Omit<ScheduleOptions, "int" | "rules" | "clock">;

function run(seed: number, setting: Setting, broken: Partial<Rules>): readonly Entry[] {
  return withSeed(seed, (int) => new Schedule({ ...setting, rules: broken, int }).run());
}

/** What a clock shows, by its node's rate: 0 slow, 1 fast. */
type Clock = (rate: 0 | 1, now: number) => number;

/** Each node's clock is slow, or as much faster as the knob allows, by the seed. */
function runWithClocks(
  seed: number,
  setting: Setting,
  broken: Partial<Rules> = {},
  clock: Clock = (rate, now) => now * (1 + (rate * (setting.config?.leaseDriftPercent ?? 0)) / 100),
): { committed: number; reads: number; transfers: number } {
  const clockOf = (id: NodeId, now: number) => clock(((seed >> Number(id.slice(1))) & 1) as 0 | 1, now);
  return withSeed(seed, (int) => {
    const schedule = new Schedule({ ...setting, rules: broken, clock: clockOf, int });
    const committed = schedule.run().length;
    return { committed, reads: schedule.reads, transfers: schedule.transfers };
  });
}

function withSeed<T>(seed: number, run: (int: ScheduleOptions["int"]) => T): T {
  const generator = xoroshiro128plus(seed);
  try {
    return run((from, to) => uniformInt(generator, from, to));
  } catch (cause) {
    throw new Error(`seed ${seed}: ${(cause as Error).message}`, { cause });
  }
}
