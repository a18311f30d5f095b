import { expect, test } from "vitest";
import { owesProgress } from "./promises.ts";

const knobs = { noop: true, preVote: false, electionTimeoutMs: 150 };
const network = { delayMs: [0, 30], slow: 0, slowMs: [50, 300], lose: 0, duplicate: 0, reorder: 0, resetsPerMinute: 0 };

interface Case {
  readonly when: string;
  readonly owes: boolean;
  readonly nodes?: number;
  readonly set?: Partial<typeof knobs>;
  readonly world?: Partial<Record<keyof typeof network, unknown>>;
}

test.each<Case>([
  { when: "messages are in time", owes: true },
  { when: "a new leader does not append a no-op", owes: false, set: { noop: false } },
  { when: "all are slow, but by less than an election timeout", owes: true, world: { slow: 1, slowMs: [100, 149] } },
  { when: "all are as late as an election timeout", owes: false, world: { slow: 1, slowMs: [150, 150] } },
  { when: "one in twenty takes up to two election timeouts", owes: true, world: { slow: 0.05 } },
  { when: "the same, and two others have to answer", owes: false, nodes: 5, world: { slow: 0.05 } },
  // Seed 6 of five such nodes found nobody to lead them: what is late there takes five election timeouts.
  { when: "one in twenty takes up to five", owes: false, set: { electionTimeoutMs: 60 }, world: { slow: 0.05 } },
  { when: "the same, of five nodes", owes: false, nodes: 5, set: { electionTimeoutMs: 60 }, world: { slow: 0.05 } },
  { when: "one in a hundred takes up to five", owes: true, set: { electionTimeoutMs: 60 }, world: { slow: 0.01 } },
  { when: "one in a hundred takes minutes", owes: false, world: { slow: 0.01, slowMs: [0, 100_000] } },
  { when: "usual messages may be late", owes: false, world: { delayMs: [0, 300] } },
  { when: "one in fifty is lost", owes: true, nodes: 5, world: { lose: 0.02 } },
  { when: "half are lost", owes: false, world: { lose: 0.5 } },
])("a majority owes progress: $owes, when $when", ({ owes, nodes = 3, set, world }) => {
  const settings = { ...network, ...world } as Parameters<typeof owesProgress>[1];
  expect(owesProgress({ ...knobs, ...set }, settings, nodes)).toBe(owes);
});
