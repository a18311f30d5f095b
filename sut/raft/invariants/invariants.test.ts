import { expect, test } from "vitest";
import type { Effect } from "../core/events.ts";
import { votersOnly } from "../core/membership.ts";
import type { AppendEntries, AppendRejected, Message } from "../core/messages.ts";
import type { Entry, LogPosition, NodeId } from "../core/types.ts";
import { invariants } from "./registry.ts";
import { TestWorld } from "./test-support/test-world.ts";
import { InvariantViolation } from "./violation.ts";

const entry = (index: number, term: number, command: unknown = `${index}@${term}`): Entry => ({
  ...{ index, term, kind: "command", command, bytes: 1 },
});
const config = (index: number, term: number, voters: readonly NodeId[]): Entry => ({
  ...{ index, term, kind: "config", bytes: 0, membership: votersOnly(voters) },
});
const receive = (from: NodeId, message: Message) => ({ type: "receive", now: 0, from, message }) as const;
const accepted = (term: number, matchIndex: number): Message => ({
  ...{ type: "append-accepted", term, matchIndex, round: 0 },
});
const asked = (index: number, term: number): AppendEntries => ({
  ...{ type: "append-entries", term: 1, prev: { index, term }, entries: [], leaderCommit: 0, round: 0 },
});
const rejected = (rejectedPrev: number, hint: LogPosition): AppendRejected => ({
  ...{ type: "append-rejected", term: 1, refusedTerm: 1, rejectedPrev, hint, round: 0 },
});
const propose = { type: "propose", now: 0, proposals: [] } as const;
const snapshotMade = (index: number, term: number) =>
  ({ type: "snapshot-made", now: 0, snapshot: { index, term, membership: votersOnly(["S1", "S2", "S3"]) } }) as const;
const grant = (to: NodeId, term: number): Effect => ({
  ...{ type: "send", to, message: { type: "request-vote-reply", term, granted: true } },
});

/** A disk on which there is a term and nothing else. */
const foundNothing = (term: number) => ({
  hard: { term, votedFor: null },
  start: { bootstrap: votersOnly(["S1", "S2", "S3"]), snapshot: null, base: { index: 0, term: 0 }, entries: [] },
  snapshotDigest: null,
});

/** S1 leads term 1, and has `1@1` on its disk and on that of S2. */
function led(): TestWorld {
  const world = new TestWorld(["S1", "S2", "S3"]);
  world.leads("S1", 1);
  world.appends("S1", [entry(1, 1)]);
  world.appends("S2", [entry(1, 1)]);
  return world;
}

/** What breaks each invariant, by hand, and what is said of it. */
const breaches: readonly { readonly id: string; readonly says: string; readonly breach: (world: TestWorld) => void }[] =
  [
    { id: "I1", says: "S1, S2: both lead term 1", breach: (world) => world.leads("S2", 1) },
    {
      id: "I10",
      says: "S3: votes for S1 and for S2 in term 2",
      breach: (world) => {
        world.step("S3", { term: 2, votedFor: "S1" }, [grant("S1", 2)]);
        world.restart("S3", { term: 2 });
        world.step("S3", { votedFor: "S2" }, [grant("S2", 2)]);
      },
    },
    {
      id: "I10",
      says: "S3: changes its vote in term 2 from S1 to null",
      breach: (world) => {
        world.step("S3", { term: 2, votedFor: "S1" });
        world.step("S3", { votedFor: null });
      },
    },
    {
      id: "I10",
      says: "S3: restarts in term 2 with its vote for null, which was for S1",
      breach: (world) => {
        world.writes("S3", { hard: { term: 2, votedFor: "S1" } }, { term: 2, votedFor: "S1" });
        world.restart("S3", { term: 2, votedFor: null });
      },
    },
    { id: "I9", says: "S1: its term goes back from 1 to 0", breach: (world) => world.step("S1", { term: 0 }) },
    {
      id: "I22",
      says: "S2: starts with a log that ends with 0@0; 1@1 was durable",
      breach: (world) => world.restart("S2", { term: 1, lastIndex: 0, durableIndex: 0 }, []),
    },
    {
      id: "I3",
      says: "S3: 1@1 is a command in one log, and another command in this",
      breach: (world) => world.appends("S3", [entry(1, 1, "other")]),
    },
    {
      id: "I3",
      says: "S3: 2@2 stands behind 1@1 in one log, and behind 1@3 in this",
      breach: (world) => {
        world.leads("S2", 2);
        world.appends("S2", [entry(2, 2)]);
        world.leads("S3", 3);
        world.appends("S3", [entry(1, 3)]);
        world.appends("S3", [entry(2, 2)]);
      },
    },
    {
      id: "I2",
      says: "S1: leads term 1, and drops 1",
      breach: (world) => world.writes("S1", { truncateFrom: 1, append: [entry(1, 1)] }),
    },
    {
      id: "I2",
      says: "S2: 2@1 is made by S2; S1 leads that term",
      breach: (world) => world.appends("S2", [entry(2, 1)]),
    },
    {
      id: "I11",
      says: "S3: 1@1 is appended in term 0",
      breach: (world) => world.appends("S3", [entry(1, 1)], { term: 0 }),
    },
    {
      id: "I12",
      says: "commits up to 5, and its log ends with 1",
      breach: (world) => world.step("S1", { commitIndex: 5 }),
    },
    {
      id: "I12",
      says: "has applied up to 1, and committed up to 0",
      breach: (world) => world.step("S1", { lastApplied: 1 }),
    },
    {
      id: "I12",
      says: "S1: keeps its log from 1 on behind a snapshot of 4; 2 entries may stay",
      breach: (world) => {
        world.appends("S1", [entry(2, 1), entry(3, 1), entry(4, 1)]);
        world.step("S1", { baseIndex: 0 }, [], snapshotMade(4, 1));
      },
    },
    {
      id: "I12",
      says: "S1: waits for a majority with 11 bytes of commands; it may take 10",
      breach: (world) => world.appends("S1", [{ ...entry(2, 1), bytes: 10 }], {}, propose),
    },
    {
      id: "I12",
      says: "S2: takes question 9 to be answered; its process has asked 1",
      breach: (world) => world.step("S2", { questions: { asked: 1, answered: 9 } }),
    },
    {
      id: "I12",
      says: "S1: counts 4 bytes of commands that wait for a majority; its log has 2",
      breach: (world) => world.appends("S1", [entry(2, 1)], { uncommittedBytes: 4 }),
    },
    {
      id: "I12",
      says: "S1: refuses a command of 1 bytes behind 1 that wait for a majority; it may take 10",
      breach: (world) => {
        const proposals = [{ ref: 7, command: "2@1", bytes: 1 }];
        const refusal: Effect = { type: "reply", refs: [7], outcome: { type: "overloaded" } };
        world.step("S1", {}, [refusal], { type: "propose", now: 0, proposals });
      },
    },
    {
      id: "I26",
      says: "S2: a node with a copy of its disk does not start: a segment is missing",
      breach: ({ watched }) => watched.diskCopied("S2")({ refusal: "a segment is missing" }),
    },
    {
      id: "I26",
      says: "S2: a node with a copy of its disk starts with a log that ends with 0@0; 1@1 was durable",
      breach: ({ watched }) => watched.diskCopied("S2")(foundNothing(1)),
    },
    {
      id: "I26",
      says: "S2: a node with a copy of its disk starts in term 0; 1 was durable",
      breach: (world) => {
        world.writes("S2", { hard: { term: 1, votedFor: null } });
        world.watched.diskCopied("S2")(foundNothing(0));
      },
    },
    {
      id: "I26",
      says: "S2: a node with a copy of its disk starts in term 1 with 2@2 in its log",
      breach: ({ watched }) => {
        const found = foundNothing(1);
        const entries = [entry(1, 1), entry(2, 2)].map((one) => ({ index: one.index, term: one.term, entry: one }));
        watched.diskCopied("S2")({ ...found, start: { ...found.start, entries } });
      },
    },
    {
      id: "I27",
      says: "S3: obeys the leader of term 1 in term 2, and campaigns",
      breach: (world) => {
        world.step("S3", { term: 2 });
        world.step(
          "S3",
          { term: 3, role: "candidate", votedFor: "S3" },
          [],
          receive("S1", { type: "timeout-now", term: 1 }),
        );
      },
    },
    {
      id: "I27",
      says: "S3: campaigns in term 2 on propose",
      breach: (world) => world.step("S3", { term: 2, role: "candidate", votedFor: "S3" }, [], propose),
    },
    {
      id: "I12",
      says: "S1, S2: takes entries up to 1 to be on their way to S2, which has confirmed 1",
      breach: (world) =>
        world.step("S1", { matches: { S2: 1 }, inFlight: { S2: [1, 2] } }, [], receive("S2", accepted(1, 1))),
    },
    {
      id: "I13",
      says: "S1, S3: counts on S3 up to 1@1, which S3 does not hold",
      breach: (world) => world.step("S1", { matches: { S3: 1 } }, [], receive("S3", accepted(1, 1))),
    },
    {
      id: "I14",
      says: "S1, S2: its match index for S2 goes back from 1 to 0",
      breach: (world) => {
        world.step("S1", { matches: { S2: 1 } }, [], receive("S2", accepted(1, 1)));
        world.step("S1", { matches: { S2: 0 } }, [], receive("S2", accepted(1, 0)));
      },
    },
    {
      id: "I8",
      says: "S1: commits 2@1, which is durable on S1 alone",
      breach: (world) => {
        world.appends("S1", [entry(2, 1)]);
        world.step("S1", { commitIndex: 2 });
      },
    },
    {
      id: "I6",
      says: "S2: commits up to 1; leaders have committed up to 0",
      breach: (world) => world.step("S2", { commitIndex: 1 }),
    },
    {
      id: "I6",
      says: "S3: commits 1@2 where S1 committed 1@1",
      breach: (world) => {
        world.leads("S3", 2);
        world.appends("S3", [entry(1, 2)]);
        world.step("S3", { role: "follower" });
        world.step("S1", { commitIndex: 1 });
        world.step("S3", { commitIndex: 1 });
      },
    },
    {
      id: "I4",
      says: "S3: leads term 2 without 1@1, which term 1 committed",
      breach: (world) => {
        world.step("S1", { commitIndex: 1 });
        world.leads("S3", 2);
      },
    },
    {
      id: "I7",
      says: "S1: 1@1 is committed, and durable on S1 alone",
      breach: (world) => {
        world.step("S1", { commitIndex: 1 });
        world.writes("S2", { truncateFrom: 1, append: [] }, { lastIndex: 0, durableIndex: 0 });
      },
    },
    {
      id: "I5",
      says: "S1, S2: applies 1@2 where S1 applied 1@1",
      breach: (world) => {
        world.applies("S1", [entry(1, 1)]);
        world.leads("S3", 2);
        world.appends("S3", [entry(1, 2)]);
        world.applies("S2", [entry(1, 2)]);
      },
    },
    {
      id: "I5",
      says: "S1: applies 1@1 where 2 is due",
      breach: (world) => {
        world.applies("S1", [entry(1, 1)]);
        world.applies("S1", [entry(1, 1)]);
      },
    },
    {
      id: "I15",
      says: 'S1: acts by {"incoming":["S1"]',
      breach: (world) => world.step("S1", { membership: votersOnly(["S1"]) }),
    },
    {
      id: "I16",
      says: "S1: 2@1 changes members; nothing of term 1 is committed",
      breach: (world) => world.appends("S1", [config(2, 1, ["S1", "S2"])], { membership: votersOnly(["S1", "S2"]) }),
    },
    {
      id: "I16",
      says: "S1: 3@1 changes members; the change at 2 is open",
      breach: (world) => {
        world.step("S1", { commitIndex: 1 });
        world.appends("S1", [config(2, 1, ["S1", "S2"])], { membership: votersOnly(["S1", "S2"]) });
        world.appends("S1", [config(3, 1, ["S1"])], { membership: votersOnly(["S1"]) });
      },
    },
    { id: "I17", says: "S3: leads term 2, and voted for S2", breach: (world) => world.leads("S3", 2, "S2") },
    {
      id: "I17",
      says: "S3: waits for 2.50 election timeouts before it campaigns",
      breach: (world) => world.step("S3", { timerLeft: 2.5 }),
    },
    {
      id: "I18",
      says: "S2, S1: S2 leads term 2 while S1 has a lease of 1",
      breach: (world) => {
        world.leases.add("S1");
        world.leads("S2", 2);
      },
    },
    {
      id: "I19",
      says: "S2: answers read 7 from 0 entries; 1 were committed before it",
      breach: (world) => {
        world.step("S1", { commitIndex: 1 });
        world.step("S2", {}, [], { type: "read", now: 0, refs: [7], mode: "follower" });
        world.step("S2", {}, [{ type: "serve-read", refs: [7] }]);
      },
    },
    {
      id: "I24",
      says: "S1: answers request 7 by 1@1; it became 2@1",
      breach: (world) => {
        const proposals = [{ ref: 7, command: "2@1", bytes: 1 }];
        world.appends("S1", [entry(2, 1)], {}, { type: "propose", now: 0, proposals });
        world.step("S1", {}, [{ type: "apply", entries: [{ entry: entry(1, 1), refs: [7] }] }]);
      },
    },
    {
      id: "I24",
      says: "S1: answers request 7 with not-leader; it became 2@1",
      breach: (world) => {
        const proposals = [{ ref: 7, command: "2@1", bytes: 1 }];
        world.appends("S1", [entry(2, 1)], {}, { type: "propose", now: 0, proposals });
        world.step("S1", {}, [{ type: "reply", refs: [7], outcome: { type: "not-leader", leader: null } }]);
      },
    },
    {
      id: "I20",
      says: "S1, S2: carries out command 2 of session 1 at 9, which S1 did at 8",
      breach: ({ watched }) => {
        watched.carriedOut("S1", { session: 1, sequence: 2, index: 8 });
        watched.carriedOut("S2", { session: 1, sequence: 2, index: 8 });
        watched.carriedOut("S2", { session: 1, sequence: 2, index: 9 });
      },
    },
    {
      id: "I21",
      says: "S1: labels a snapshot with 4; its state has applied 5",
      breach: ({ watched }) => watched.snapshotTaken("S1", { label: 4, applied: 5, digest: "a" }),
    },
    {
      id: "I21",
      says: "S1, S2: has another state after entry 5 than S1",
      breach: ({ watched }) => {
        watched.snapshotTaken("S1", { label: 5, applied: 5, digest: "a" });
        watched.snapshotRestored("S2", { label: 5, digest: "b" });
      },
    },
    {
      id: "I25",
      says: "S2, S1: refuses 5@1 and points to 4@2, which the log that has it cannot hold",
      breach: (world) => {
        const hint = { index: 4, term: 2 };
        const refusal: Effect = { type: "send", to: "S1", message: { ...rejected(5, hint), term: 3 } };
        world.step("S2", {}, [refusal], receive("S1", { ...asked(5, 1), term: 3 }));
      },
    },
    {
      id: "I25",
      says: "S1, S2: is refused with 2@1, and asks S2 for 4@1 next",
      breach: (world) => {
        const probe: Effect = { type: "send", to: "S2", message: { ...asked(4, 1), entries: [entry(5, 1)] } };
        const shown = { matches: { S2: 1 } };
        world.step("S1", shown, [probe], receive("S2", rejected(5, { index: 2, term: 1 })));
      },
    },
  ];

test.each(breaches)("$id finds what breaks it: $says", ({ id, says, breach }) => {
  const world = led();
  const found = world.violationOf(() => breach(world));
  expect(`${found.nodes.join(", ")}: ${found.detail}`).toContain(says);
  expect(found.invariant).toBe(id);
});

test("every invariant has a breach here", () => {
  expect(new Set(breaches.map(({ id }) => id))).toEqual(new Set(invariants.map(({ id }) => id)));
});

test("I20 remembers the latest hundred commands of a session, and no more", () => {
  const again = (sequence: number) => {
    const { watched } = led();
    for (let number = 1; number <= 101; number++)
      watched.carriedOut("S1", { session: 1, sequence: number, index: number });
    watched.carriedOut("S1", { session: 1, sequence, index: 1000 });
  };
  expect(() => again(1)).not.toThrow();
  expect(() => again(2)).toThrow(InvariantViolation);
});

test("a leader that is elected late owes nothing of what was committed in a later term, however old the entry is", () => {
  const world = led();
  world.leads("S1", 3);
  world.step("S1", { commitIndex: 1 });
  expect(() => world.leads("S3", 2)).not.toThrow();
});

test("a leader that hears of a newer term and of a commit at once commits by the newer leader's members, not by its own", () => {
  const world = led();
  world.step("S1", { commitIndex: 1 });
  for (const id of ["S1", "S2"]) world.appends(id, [entry(2, 1)]);
  const meant = ["S1", "S2", "S4", "S5"];
  world.appends("S1", [config(3, 1, meant)], { membership: votersOnly(meant) });
  world.leads("S2", 2);
  world.appends("S2", [entry(3, 2)]);
  world.appends("S3", [entry(1, 1), entry(2, 1), entry(3, 2)]);
  world.step("S2", { commitIndex: 3 });
  expect(() => world.step("S1", { term: 2, role: "follower", votedFor: null, commitIndex: 2 })).not.toThrow();
});

test("a violation tells the invariant, the nodes, the step, and what led to it", () => {
  const world = led();
  expect(world.violationOf(() => world.leads("S2", 1)).message).toMatchInlineSnapshot(`
    "I1 Election Safety: at most one server leads in a term, over the whole history
    S1, S2: both lead term 1 (step 9)
    What led to it:
      {"step":1,"node":"S1","event":{"type":"start"},"effects":[]}
      {"step":2,"node":"S2","event":{"type":"start"},"effects":[]}
      {"step":3,"node":"S3","event":{"type":"start"},"effects":[]}
      {"step":5,"node":"S1","event":{"type":"tick"},"effects":[{"type":"persist","write":1,"append":{"first":{"index":1,"term":1,"kind":"command"},"last":{"index":1,"term":1,"kind":"command"}}}]}
      {"step":6,"node":"S1","event":{"type":"durable","write":1},"effects":[]}
      {"step":7,"node":"S2","event":{"type":"tick"},"effects":[{"type":"persist","write":2,"append":{"first":{"index":1,"term":1,"kind":"command"},"last":{"index":1,"term":1,"kind":"command"}}}]}
      {"step":8,"node":"S2","event":{"type":"durable","write":2},"effects":[]}"
  `);
});
