import { expect, test } from "vitest";
import { RaftBug } from "./invariant.ts";
import { votersOnly } from "./membership.ts";
import { logOf, logWith } from "./test-cluster.ts";
import type { Entry } from "./types.ts";

const three = votersOnly(["S1", "S2", "S3"]);
const four = votersOnly(["S1", "S2", "S3", "S4"]);

function config(index: number, term: number, membership = four): Entry {
  return { index, term, kind: "config", bytes: 0, membership };
}

test("a compacted log knows its base, and answers for the rest as before", () => {
  const log = logWith(logOf([1, 1, 2, 2, 3]));
  log.compactTo(3);
  expect(log.base).toEqual({ index: 3, term: 2 });
  expect([2, 3, 4, 5, 6].map((index) => log.termAt(index))).toEqual([0, 2, 2, 3, 0]);
  expect(log.last).toEqual({ index: 5, term: 3 });
  expect(log.slice(1, 4).map(({ index }) => index)).toEqual([4]);
  expect(log.batch(4, 10, 1000).map(({ index }) => index)).toEqual([4, 5]);
  log.append([{ index: 6, term: 3, kind: "noop", bytes: 0 }]);
  expect(log.lastIndex).toBe(6);
});

test("a compacted log still tells at its base whether two logs agree there", () => {
  const log = logWith(logOf([1, 1, 2, 2, 3]));
  log.compactTo(3);
  expect(log.has({ index: 3, term: 2 })).toBe(true);
  expect(log.has({ index: 3, term: 1 })).toBe(false);
  expect(log.has({ index: 1, term: 1 })).toBe(true);
  expect(log.lastNotAfter(5, 1)).toEqual({ index: 3, term: 2 });
});

test("all of a log may be compacted", () => {
  const log = logWith(logOf([1, 2]));
  log.compactTo(2);
  expect(log.last).toEqual({ index: 2, term: 2 });
  expect(log.slice(1, 9)).toEqual([]);
});

test("a log is compacted only within its entries, and never truncated below its base", () => {
  const log = logWith(logOf([1, 1, 1]));
  log.compactTo(2);
  expect(() => log.compactTo(1)).toThrow(RaftBug);
  expect(() => log.compactTo(4)).toThrow(RaftBug);
  expect(() => log.truncateFrom(2)).toThrow(RaftBug);
});

test("the members are those of the latest entry about them, and fall back when it is truncated", () => {
  const log = logWith([...logOf([1]), config(2, 1)]);
  expect(log.membership).toEqual(four);
  log.truncateFrom(2);
  expect(log.membership).toEqual(three);
});

test("the members at the base survive compaction and a restart from a snapshot", () => {
  const log = logWith([
    ...logOf([1]),
    config(2, 1),
    { index: 3, term: 1, kind: "noop", bytes: 0 },
    config(4, 1, three),
  ]);
  log.compactTo(3);
  expect(log.membershipAt(3)).toEqual(four);
  expect(log.membership).toEqual(three);
  log.truncateFrom(4);
  expect(log.membership).toEqual(four);
  log.restartAt({ index: 9, term: 4, membership: three });
  expect([log.last, log.membership]).toEqual([{ index: 9, term: 4 }, three]);
});
