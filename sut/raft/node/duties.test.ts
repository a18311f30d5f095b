import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VirtualTime } from "../../../time/virtual-time.ts";
import { rules } from "../core/rules.ts";
import { startState } from "../core/state.ts";
import { logOf } from "../core/test-cluster.ts";
import { ruleComments } from "../core/test-rule-comments.ts";
import { type Duties, duties } from "./duties.ts";
import { knobsSchema } from "./knobs.ts";
import { encodeRecord } from "./storage/segment-format.ts";

const place = { sequence: 1, chain: 7, offset: 0 };
const { bytes: record, chain: bodyCrc } = encodeRecord(Buffer.from("an entry"), place);

function without(byte: number): Buffer {
  const damaged = Buffer.from(record);
  damaged[byte] = 0;
  return damaged;
}

/** One test a duty, named like it. */
const sections: Record<keyof Duties, { section: string; check: () => void }> = {
  syncsBeforeDurable: { section: "§3.8", check: () => expect(duties.syncsBeforeDurable()).toBe(true) },
  hardStateOfSegment: {
    section: "§3.8",
    check: () => expect(duties.hardStateOfSegment({ term: 4, votedFor: "n2" })).toEqual({ term: 4, votedFor: "n2" }),
  },
  isIntact: {
    section: "§3.8",
    check: () => {
      const last = record.length - 1;
      const found = [record, without(last - 1), without(last)].map((read) =>
        duties.isIntact(read, bodyCrc, place.chain),
      );
      expect(found).toEqual([true, false, false]);
      expect(duties.isIntact(record, bodyCrc, place.chain + 1)).toBe(false);
    },
  },
  damageAtEnd: {
    section: "§3.8",
    check: () => {
      expect(duties.damageAtEnd(without(record.length - 1), place, place.offset)).toBeNull();
      expect(duties.damageAtEnd(without(record.length - 1), place, record.length)).toBe(
        `the record is missing, but the log was synced up to byte ${record.length}`,
      );
      expect(duties.damageAtEnd(without(record.length - 2), place, 0)).toBe("the record's checksum does not match");
    },
  },
  syncsSnapshotFirst: { section: "§5.1.3", check: () => expect(duties.syncsSnapshotFirst()).toBe(true) },
  answeredWhenAppended: {
    section: "§3.5",
    check: () => {
      const bootstrap = { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };
      const config = { id: "n1", bootstrap, leaseReads: false, ...knobsSchema.parse({}) };
      const disk = { hard: { term: 1, votedFor: null }, snapshot: null, entries: logOf([1, 1]) };
      const state = startState(config, disk, { now: 0, random: 0, run: 0 }, rules);
      state.waiters.set(2, { term: 1, refs: [5] });
      expect(duties.answeredWhenAppended(logOf([1, 1]), state)).toEqual([]);
    },
  },
  segmentIsSuperfluous: {
    section: "§5.1.2",
    check: () => expect([11, 12].map((next) => duties.segmentIsSuperfluous(next, 10))).toEqual([true, false]),
  },
  syncsSegmentName: { section: "§3.8", check: () => expect(duties.syncsSegmentName()).toBe(true) },
  syncsFoundLog: { section: "§3.8", check: () => expect(duties.syncsFoundLog()).toBe(true) },
  clearsTornTail: { section: "§3.8", check: () => expect(duties.clearsTornTail()).toBe(true) },
  syncsSnapshotName: { section: "§5.1.3", check: () => expect(duties.syncsSnapshotName()).toBe(true) },
  isAsAnnounced: {
    section: "§5.3",
    check: () => {
      const announced = { digest: "ab", bytes: 9 };
      const received = [announced, { digest: "ac", bytes: 9 }, { digest: "ab", bytes: 8 }];
      expect(received.map((one) => duties.isAsAnnounced(one, announced))).toEqual([true, false, false]);
    },
  },
  becomesState: { section: "§5.3", check: () => expect([true, false].map(duties.becomesState)).toEqual([true, false]) },
  waitsForRestore: { section: "§5.3", check: () => expect(duties.waitsForRestore()).toBe(true) },
  appliedWhenRestored: { section: "§5.3", check: () => expect(duties.appliedWhenRestored()).toBe(true) },
  timesProposed: { section: "§6.3", check: () => expect(duties.timesProposed()).toBe(1) },
  eventTimeMs: {
    section: "§6.4.1",
    check: () => expect(duties.eventTimeMs(new VirtualTime(), () => 99)).toBe(0),
  },
};

const documented = ruleComments(readFileSync(join(import.meta.dirname, "duties.ts"), "utf8"));

test.each(Object.entries(sections))("%s says its section, its test and its mutants", (name, { section }) => {
  const comment = documented.find(({ rule }) => rule === name);
  expect(comment).toMatchObject({ section, test: `${name} (${section})` });
});

describe("duties", () => {
  for (const [name, { section, check }] of Object.entries(sections)) test(`${name} (${section})`, check);
});
