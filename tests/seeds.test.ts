import { expect, test } from "vitest";
import { type TrialOptions, tryInMemory } from "../controller/batch/trials/trial.ts";
import { sparseMinLoadShare } from "../controller/plan/min-load.ts";

/** Simulated runs that once went wrong without anything being broken on purpose: what was wrong then, and its options. */
const seeds: readonly (readonly [was: string, options: TrialOptions])[] = [
  [
    "a leader that was elected again took refusals of its older term for confirmations of reads",
    {
      ...{ seed: 2, timeLimit: "100s", rate: 100, nodes: 3, workload: "register" },
      nemesis: "partition:leader,partition:one,kill:leader",
      set: { electionTimeoutMs: 150, heartbeatMs: 50, preVote: false, checkQuorum: false },
      world: { network: { delayMs: [0, 30], slow: 0.15, slowMs: [100, 800], reorder: 0.8, duplicate: 0.2 } },
    },
  ],
  [
    "a node went on behind records that the process before it had not synced, and the next loss of power took these",
    {
      ...{ seed: 159, timeLimit: "30s", rate: 100, concurrency: "4n", nodes: 3, workload: "append", readMode: "log" },
      nemesis: "disk,kill",
      set: {
        ...{ electionTimeoutMs: 300, heartbeatMs: 100, checkQuorum: false, batchWindowMs: 10 },
        ...{ walSegmentBytes: 4096, inflightWindow: 32 },
      },
      world: { disk: { losesUnsynced: true, syncMs: [5, 50] } },
    },
  ],
  [
    "a node stopped because a deposed leader's snapshot had taken the place of the one that it was to install",
    {
      ...{ seed: 3388, timeLimit: "30s", rate: 200, concurrency: 8, nodes: 4, workload: "counter", readMode: "log" },
      nemesis: "kill,suspend,transfer",
      set: {
        ...{ electionTimeoutMs: 300, heartbeatMs: 60, checkQuorum: false, walSegmentBytes: 65536 },
        ...{ snapshotEntries: 20, trailingEntries: 0, inflightWindow: 2 },
      },
    },
  ],
  [
    "I12 took for an uncut log what waited for a follower that was let go in the same step",
    {
      ...{ seed: 682, timeLimit: "30s", rate: 200, concurrency: 12, nodes: 3, workload: "counter" },
      nemesis: "churn,kill,membership,partition,pause,transfer",
      set: {
        ...{ electionTimeoutMs: 1000, heartbeatMs: 333, walSegmentBytes: 4096, maxEntriesPerAppend: 8 },
        ...{ snapshotEntries: 20, trailingEntries: 0, inflightWindow: 2 },
      },
    },
  ],
  [
    "I8 held what a deposed leader heard of to the members that it had meant to have itself",
    {
      ...{ seed: 9, timeLimit: "60s", rate: 100, concurrency: 60, nodes: 5, workload: "availability" },
      nemesis: "membership:joint,partition:halves,partition:leader",
      set: { electionTimeoutMs: 150, heartbeatMs: 50, preVote: false, checkQuorum: false },
      world: {
        network: {
          ...{ delayMs: [0, 30], slow: 0.1, slowMs: [50, 300] },
          ...{ reorder: 0, lose: 0, duplicate: 0, resetsPerMinute: 0 },
        },
      },
    },
  ],
];

/** As much load as a campaign requires: clients of a slow cluster wait most of the time. */
const campaign: TrialOptions = { backend: "sim", minLoad: sparseMinLoadShare };

test.each(seeds)("%s: not any more", async (_was, options) => {
  const { verdict, summary } = await tryInMemory({ ...campaign, ...options });
  expect({ verdict, summary }).toMatchObject({ verdict: "valid" });
});

test("the first of them would still tell", async () => {
  const [, options] = seeds[0]!;
  expect(await tryInMemory({ ...campaign, ...options, mutant: "M43c" })).toMatchObject({ failure: "I19" });
});
