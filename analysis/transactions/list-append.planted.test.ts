import { expect, it } from "vitest";
import { listAppend } from "./list-append.ts";
import { textTransactions } from "./test-support/text-transactions.ts";

/** Histories with one thing wrong in them each, and how that is told. */
const planted: readonly (readonly [anomaly: string, history: string, sentence: string])[] = [
  ["internal", `T1: ax1 rx[]`, "T1 read x as [], which does not end in its own [1]"],
  [
    "internal",
    `T1: ax1
      T2: rx[] rx[1]`,
    "T1 read x as [1], although its own steps before make it []",
  ],
  [
    "internal",
    `T1: ax1
      T2: rx[1] ax2 rx[1]`,
    "T1 read x as [1], although its own steps before make it [1 2]",
  ],
  [
    "duplicate-elements",
    `T1: ax1
      T2: rx[1 1]`,
    "T1 read x as [1 1]: 1 is in it twice",
  ],
  [
    "duplicate-elements",
    `T1: ax1 ax2
      T2: rx[1 2 1]`,
    "T1 read x as [1 2 1]: 1 is in it twice",
  ],
  [
    "duplicate-elements",
    `T1: ax1
      T2: rx[1]
      T3: ax2 rx[1 2 1 2]`,
    "T1 read x as [1 2 1 2]: 1 is in it twice",
  ],
  [
    "incompatible-order",
    `T1: ax1
      T2: ax2
      T3: rx[1 2]
      T4: rx[2 1]`,
    "T1 read x as [1 2], but T2 read it as [2 1]: neither can have grown into the other",
  ],
  [
    "incompatible-order",
    `T1: ax1
      T2: ax2
      T3: rx[1]
      T4: rx[2]`,
    "T1 read x as [1], but T2 read it as [2]: neither can have grown into the other",
  ],
  [
    "incompatible-order",
    `T1: ax1
      T2: ax2
      T3: ax3
      T4: rx[1 2 3]
      T5: rx[1 3]`,
    "T1 read x as [1 2 3], but T2 read it as [1 3]: neither can have grown into the other",
  ],
  ["phantom", `T1: rx[9]`, "T1 read x as [9], but no transaction appended 9"],
  [
    "phantom",
    `T1: ax1
      T2: rx[1 2]`,
    "T1 read x as [1 2], but no transaction appended 2",
  ],
  [
    "phantom",
    `T1: ax1 ay1
      T2: ry[1] rx[1]
      T3: ry[1 7]`,
    "T1 read y as [1 7], but no transaction appended 7",
  ],
  [
    "G1a",
    `T1: ax1 fail
      T2: rx[1]`,
    "T2 read x as [1], but 1 was appended by T1, which certainly failed",
  ],
  [
    "G1a",
    `T1: ax1 ay2 fail
      T2: rx[] ry[2]`,
    "T2 read y as [2], but 2 was appended by T1, which certainly failed",
  ],
  [
    "G1a",
    `T1: ax1
      T2: ax2 fail
      T3: rx[1 2] ax3`,
    "T2 read x as [1 2], but 2 was appended by T1, which certainly failed",
  ],
  [
    "G1b",
    `T1: ax1 ax2
      T2: rx[1]`,
    "T2 read x as [1], which ends in T1's 1, but T1 went on to append 2",
  ],
  [
    "G1b",
    `T1: ax1 ay1 ax2 info
      T2: ry[1] rx[1]`,
    "T2 read x as [1], which ends in T1's 1, but T1 went on to append 2",
  ],
  [
    "G1b",
    `T1: ax1
      T2: ax2 ax3
      T3: rx[1 2]
      T4: rx[1 2 3]`,
    "T2 read x as [1 2], which ends in T1's 2, but T1 went on to append 3",
  ],
  [
    "dirty-update",
    `T1: ax1 fail
      T2: ax2
      T3: rx[1 2]`,
    "T2's 2 follows T1's 1 in x, as T3 read, although T1 certainly failed",
  ],
  [
    "dirty-update",
    `T1: ax1
      T2: ax2 fail
      T3: ax3 rx[1 2 3]
      T4: rx[1 2 3]`,
    "T2's 3 follows T1's 2 in x, as T3 read, although T1 certainly failed",
  ],
  [
    "dirty-update",
    `T1: ax1 fail
      T2: ax2 info
      T3: rx[1 2]`,
    "T2's 2 follows T1's 1 in x, as T3 read, although T1 certainly failed",
  ],
  ["future-read", `T1: rx[1] ax1`, "T1 read x as [1], which holds its own later append"],
  [
    "future-read",
    `T1: ax1
      T2: rx[1 2] ax2`,
    "T1 read x as [1 2], which holds its own later append",
  ],
  ["future-read", `T1: rx[1 2] ax1 ax2`, "T1 read x as [1 2], which holds its own later append"],
  [
    "lost-update",
    `T1: rx[] ax1
      T2: rx[] ax2`,
    "T1 and T2 both read x as [] and appended to it, 1 and 2: neither saw the other's",
  ],
  [
    "lost-update",
    `T1: ax1
      T2: rx[1] ax2
      T3: rx[1] ax3
      T4: rx[1 2 3]`,
    "T1 and T2 both read x as [1] and appended to it, 2 and 3: neither saw the other's",
  ],
  [
    "lost-update",
    `T1: ax1
      T2: ax2 rx[1 2]
      T3: ax3 rx[1 3]`,
    "T1 and T2 both read x as [1] and appended to it, 2 and 3: neither saw the other's",
  ],
  [
    "G0",
    `T1: ax1 ay1
      T2: ax2 ay2
      T3: rx[1 2] ry[2 1]`,
    "T1 appended 1 to x just before T2's 2; T2 appended 2 to y just before T1's 1: each would have to come before the other",
  ],
  [
    "G0",
    `T1: ax1 ay1
      T2: ax2 ay2 info
      T3: rx[1 2]
      T4: ry[2 1]`,
    "T1 appended 1 to x just before T2's 2; T2 appended 2 to y just before T1's 1: each would have to come before the other",
  ],
  [
    "G0",
    `T1: ax1 az1
      T2: ax2 ay2
      T3: ay3 az3
      T4: rx[1 2] ry[2 3] rz[3 1]`,
    "T3 appended 3 to z just before T1's 1; T1 appended 1 to x just before T2's 2; T2 appended 2 to y just before T3's 3: so none of them can have been first",
  ],
  [
    "G1c",
    `T1: ax1 ry[2]
      T2: ay2 rx[1]`,
    "T2 read x as [1], with T1's 1; T1 read y as [2], with T2's 2: each would have to come before the other",
  ],
  [
    "G1c",
    `T1: ax1 ry[2]
      T2: ax2 ay2
      T3: rx[1 2]`,
    "T1 read y as [2], with T2's 2; T1 appended 1 to x just before T2's 2: each would have to come before the other",
  ],
  [
    "G1c",
    `T1: ax1 rz[3]
      T2: rx[1] ay2
      T3: ry[2] az3`,
    "T1 read z as [3], with T3's 3; T2 read x as [1], with T1's 1; T3 read y as [2], with T2's 2: so none of them can have been first",
  ],
  [
    "G-single",
    `T1: ax1 ay1
      T2: rx[1] ry[]`,
    "T2 read y as [], without T1's 1; T2 read x as [1], with T1's 1: each would have to come before the other",
  ],
  [
    "G-single",
    `T1: ax1 ay1
      T2: ay2 rx[]
      T3: ry[1 2]`,
    "T2 read x as [], without T1's 1; T1 appended 1 to y just before T2's 2: each would have to come before the other",
  ],
  [
    "G-single",
    `T1: ax1
      T2: rx[1] ay2
      T3: rx[] ry[2]`,
    "T3 read x as [], without T1's 1; T2 read x as [1], with T1's 1; T3 read y as [2], with T2's 2: so none of them can have been first",
  ],
  [
    "G-nonadjacent",
    `T1: ax1
      T2: ay1
      T3: rx[1] ry[]
      T4: rx[] ry[1]`,
    "T4 read x as [], without T1's 1; T3 read x as [1], with T1's 1; T3 read y as [], without T2's 1; T4 read y as [1], with T2's 1: so none of them can have been first",
  ],
  [
    "G-nonadjacent",
    `T1: rx[] aw2
      T2: ax1 ay1
      T3: ay2 rz[]
      T4: az1 aw1
      T5: rw[1 2] ry[1 2]`,
    "T3 read z as [], without T4's 1; T4 appended 1 to w just before T1's 2; T1 read x as [], without T2's 1; T2 appended 1 to y just before T3's 2: so none of them can have been first",
  ],
  [
    "G-nonadjacent",
    `T1: rx[] rf[1]
      T2: ax1 ab1
      T3: rb[1] rc[]
      T4: ac1 ad1
      T5: rd[1] re[]
      T6: ae1 af1`,
    "T5 read e as [], without T6's 1; T1 read f as [1], with T6's 1; T1 read x as [], without T2's 1; T3 read b as [1], with T2's 1; T3 read c as [], without T4's 1; T5 read d as [1], with T4's 1: so none of them can have been first",
  ],
  [
    "G2-item",
    `T1: rx[] ay1
      T2: ry[] ax1`,
    "T1 read x as [], without T2's 1; T2 read y as [], without T1's 1: each would have to come before the other",
  ],
  [
    "G2-item",
    `T1: rx[] ay1
      T2: ry[] az1
      T3: rz[] ax1`,
    "T3 read z as [], without T2's 1; T2 read y as [], without T1's 1; T1 read x as [], without T3's 1: so none of them can have been first",
  ],
  [
    "G2-item",
    `T1: ax1
      T2: rx[1] ry[] ax2
      T3: rx[1] ry[] ay1`,
    "T1 read y as [], without T2's 1; T2 read x as [1], without T1's 2: each would have to come before the other",
  ],
];

it.each(planted)("tells %s of\n%s", (anomaly, history, sentence) => {
  const result = listAppend().check(textTransactions(history));
  expect(result.verdict).toBe("invalid");
  expect(result.violations.filter(({ kind }) => kind === anomaly).map((violation) => violation.sentence)).toEqual([
    sentence,
  ]);
  expect(result.anomalies[anomaly]).toMatchObject({ count: 1, forbidden: true });
});
