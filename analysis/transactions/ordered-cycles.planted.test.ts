import { expect, it } from "vitest";
import type { CycleName } from "./cycles.ts";
import { listAppend } from "./list-append.ts";
import { textTransactions } from "./test-support/text-transactions.ts";

/**
 * Cycles that are none without the order of a process or of time, three a name. Each history has nothing else wrong
 * that is as strong. Process 9 is the one whose order counts; transactions between `--` run at once.
 */
const planted: Readonly<Partial<Record<CycleName, readonly (readonly [history: string, sentence: string])[]>>> = {
  "G0-process": [
    [
      `T1: ax1 p9 \n--\n T2: ax2 p9 \n--\n T3: rx[2 1]`,
      "T2 appended 2 to x just before T1's 1; process 9 did T1 before T2: each would have to come before the other",
    ],
    [
      `T1: ax1 p9 \n--\n T2: ax2 p9 info \n--\n T3: rx[2 1]`,
      "T2 appended 2 to x just before T1's 1; process 9 did T1 before T2: each would have to come before the other",
    ],
    [
      `T1: ax1 p9 \n T2: ax9 ay9 late \n--\n T3: ay2 p9 \n--\n T4: rx[9 1] ry[2 9]`,
      "T3 appended 2 to y just before T2's 9; T2 appended 9 to x just before T1's 1; process 9 did T1 before T3: so none of them can have been first",
    ],
  ],
  "G0-realtime": [
    [
      `T1: ax1 \n--\n T2: ax2 \n--\n T3: rx[2 1]`,
      "T2 appended 2 to x just before T1's 1; T1 ended 10 ms before T2 began: each would have to come before the other",
    ],
    [
      `T1: ax1 \n--\n T2: ax2 info \n--\n T3: rx[2 1]`,
      "T2 appended 2 to x just before T1's 1; T1 ended 10 ms before T2 began: each would have to come before the other",
    ],
    [
      `T1: ax1 \n T2: ax9 ay9 late \n--\n T3: ay2 \n--\n T4: rx[9 1] ry[2 9]`,
      "T3 appended 2 to y just before T2's 9; T2 appended 9 to x just before T1's 1; T1 ended 10 ms before T3 began: so none of them can have been first",
    ],
  ],
  "G1c-process": [
    [
      `T1: rx[1] p9 \n--\n T2: ax1 p9`,
      "T1 read x as [1], with T2's 1; process 9 did T1 before T2: each would have to come before the other",
    ],
    [
      `T1: rx[9] p9 \n T2: ry[1] ax9 late \n--\n T3: ay1 p9`,
      "T2 read y as [1], with T3's 1; T1 read x as [9], with T2's 9; process 9 did T1 before T3: so none of them can have been first",
    ],
    [
      `T1: rx[9] p9 \n T2: ay2 ax9 late \n--\n T3: ay1 p9 \n--\n T4: ry[1 2]`,
      "T1 read x as [9], with T2's 9; process 9 did T1 before T3; T3 appended 1 to y just before T2's 2: so none of them can have been first",
    ],
  ],
  "G1c-realtime": [
    [
      `T1: rx[1] \n--\n T2: ax1`,
      "T1 read x as [1], with T2's 1; T1 ended 10 ms before T2 began: each would have to come before the other",
    ],
    [
      `T1: rx[9] \n T2: ry[1] ax9 late \n--\n T3: ay1`,
      "T2 read y as [1], with T3's 1; T1 read x as [9], with T2's 9; T1 ended 10 ms before T3 began: so none of them can have been first",
    ],
    [
      `T1: rx[9] \n T2: ay2 ax9 late \n--\n T3: ay1 \n--\n T4: ry[1 2]`,
      "T1 read x as [9], with T2's 9; T1 ended 10 ms before T3 began; T3 appended 1 to y just before T2's 2: so none of them can have been first",
    ],
  ],
  "G-single-process": [
    [
      `T1: ax1 p9 \n--\n T2: rx[] p9`,
      "T2 read x as [], without T1's 1; process 9 did T1 before T2: each would have to come before the other",
    ],
    [
      `T1: ax1 p9 \n T2: rx[] ry[2] late \n--\n T3: ay2 p9`,
      "T2 read x as [], without T1's 1; process 9 did T1 before T3; T2 read y as [2], with T3's 2: so none of them can have been first",
    ],
    [
      `T1: ax1 p9 \n T2: rx[] ay3 late \n--\n T3: ay2 p9 \n--\n T4: ry[2 3]`,
      "T2 read x as [], without T1's 1; process 9 did T1 before T3; T3 appended 2 to y just before T2's 3: so none of them can have been first",
    ],
  ],
  "G-single-realtime": [
    [
      `T1: ax1 \n--\n T2: rx[]`,
      "T2 read x as [], without T1's 1; T1 ended 10 ms before T2 began: each would have to come before the other",
    ],
    [
      `T1: ax1 \n T2: rx[] ry[2] late \n--\n T3: ay2`,
      "T2 read x as [], without T1's 1; T1 ended 10 ms before T3 began; T2 read y as [2], with T3's 2: so none of them can have been first",
    ],
    [
      `T1: ax1 \n T2: rx[] ay3 late \n--\n T3: ay2 \n--\n T4: ry[2 3]`,
      "T2 read x as [], without T1's 1; T1 ended 10 ms before T3 began; T3 appended 2 to y just before T2's 3: so none of them can have been first",
    ],
  ],
  "G-nonadjacent-process": [
    [
      `T1: rx[] rz[1] late \n T2: ay1 az1 late \n T3: ax1 p9 \n--\n T4: ry[] p9`,
      "T4 read y as [], without T2's 1; T1 read z as [1], with T2's 1; T1 read x as [], without T3's 1; process 9 did T3 before T4: so none of them can have been first",
    ],
    [
      `T1: rx[] az2 late \n T2: ay1 az1 late \n T3: ax1 p9 \n--\n T4: ry[] p9 \n--\n T5: rz[1 2]`,
      "T4 read y as [], without T2's 1; T2 appended 1 to z just before T1's 2; T1 read x as [], without T3's 1; process 9 did T3 before T4: so none of them can have been first",
    ],
    [
      `T1: rx[] rz[1] late \n T2: ay1 az1 late \n T3: ax1 p9 \n--\n T4: au1 p9 \n--\n T5: ru[1] ry[] p9`,
      "T5 read y as [], without T2's 1; T1 read z as [1], with T2's 1; T1 read x as [], without T3's 1; process 9 did T3 before T4; T5 read u as [1], with T4's 1: so none of them can have been first",
    ],
  ],
  "G-nonadjacent-realtime": [
    [
      `T1: rx[] rz[1] late \n T2: ay1 az1 late \n T3: ax1 \n--\n T4: ry[]`,
      "T4 read y as [], without T2's 1; T1 read z as [1], with T2's 1; T1 read x as [], without T3's 1; T3 ended 10 ms before T4 began: so none of them can have been first",
    ],
    [
      `T1: rx[] az2 late \n T2: ay1 az1 late \n T3: ax1 \n--\n T4: ry[] \n--\n T5: rz[1 2]`,
      "T4 read y as [], without T2's 1; T2 appended 1 to z just before T1's 2; T1 read x as [], without T3's 1; T3 ended 10 ms before T4 began: so none of them can have been first",
    ],
    [
      `T1: rx[] rz[1] late \n T2: ay1 az1 late \n T3: ax1 \n--\n T4: au1 \n--\n T5: ru[1] ry[]`,
      "T4 read y as [], without T2's 1; T1 read z as [1], with T2's 1; T1 read x as [], without T3's 1; T3 ended 30 ms before T4 began: so none of them can have been first",
    ],
  ],
  "G2-item-process": [
    [
      `T1: ay1 p9 \n T2: ax1 ry[] late \n--\n T3: rx[] p9`,
      "T3 read x as [], without T2's 1; T2 read y as [], without T1's 1; process 9 did T1 before T3: so none of them can have been first",
    ],
    [
      `T1: ay1 \n T2: ax1 ry[] late \n--\n T3: ry[1] p9 \n--\n T4: rx[] p9`,
      "T4 read x as [], without T2's 1; T2 read y as [], without T1's 1; T3 read y as [1], with T1's 1; process 9 did T3 before T4: so none of them can have been first",
    ],
    [
      `T1: ay1 p9 \n T2: ax1 rz[] late \n T3: az1 ry[] late \n--\n T4: rx[] p9`,
      "T4 read x as [], without T2's 1; T2 read z as [], without T3's 1; T3 read y as [], without T1's 1; process 9 did T1 before T4: so none of them can have been first",
    ],
  ],
  "G2-item-realtime": [
    [
      `T1: ay1 \n T2: ax1 ry[] late \n--\n T3: rx[]`,
      "T3 read x as [], without T2's 1; T2 read y as [], without T1's 1; T1 ended 10 ms before T3 began: so none of them can have been first",
    ],
    [
      `T1: ay1 late \n T2: ax1 ry[] late \n T3: ry[1] \n--\n T4: rx[]`,
      "T4 read x as [], without T2's 1; T2 read y as [], without T1's 1; T3 read y as [1], with T1's 1; T3 ended 10 ms before T4 began: so none of them can have been first",
    ],
    [
      `T1: ay1 \n T2: ax1 rz[] late \n T3: az1 ry[] late \n--\n T4: rx[]`,
      "T4 read x as [], without T2's 1; T2 read z as [], without T3's 1; T3 read y as [], without T1's 1; T1 ended 10 ms before T4 began: so none of them can have been first",
    ],
  ],
};

const each = Object.entries(planted).flatMap(([name, histories]) => histories.map((one) => [name, ...one] as const));

it.each(each)("%s in\n%s", (name, history, sentence) => {
  const result = listAppend().check(textTransactions(history));
  expect(Object.keys(result.anomalies)).toEqual([name]);
  expect(result.verdict).toBe("invalid");
  expect(result.violations.map((violation) => violation.sentence)).toEqual([sentence]);
});

it("has three histories of every such name", () => {
  expect(Object.values(planted).map((histories) => histories.length)).toEqual(Array(10).fill(3));
});
