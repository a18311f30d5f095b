import { expect, it } from "vitest";
import { rwRegister } from "./rw-register.ts";
import { textTransactions } from "./test-support/text-transactions.ts";

/** Histories with one thing wrong in them each, and how that is told. */
const planted: readonly (readonly [anomaly: string, history: string, sentence: string])[] = [
  ["internal", `T1: wx1 rx_`, "T1 read x as nothing, although it had written 1 just before"],
  [
    "internal",
    `T1: wx1
      T2: rx_ rx1`,
    "T1 read x as 1, although it had read nothing just before",
  ],
  [
    "internal",
    `T1: wx1
      T2: rx1 wx2 rx1`,
    "T1 read x as 1, although it had written 2 just before",
  ],
  ["phantom", `T1: rx9`, "T1 read x as 9, but no transaction wrote that"],
  [
    "phantom",
    `T1: wx1
      T2: rx1 ry2`,
    "T1 read y as 2, but no transaction wrote that",
  ],
  [
    "phantom",
    `T1: wx1
      T2: wx2 rx3`,
    "T1 read x as 3, but no transaction wrote that",
  ],
  [
    "G1a",
    `T1: wx1 fail
      T2: rx1`,
    "T2 read x as 1, but that was written by T1, which certainly failed",
  ],
  [
    "G1a",
    `T1: wx1 wy2 fail
      T2: ry2`,
    "T2 read y as 2, but that was written by T1, which certainly failed",
  ],
  [
    "G1a",
    `T1: wx1
      T2: rx1 wx2 fail
      T3: rx2`,
    "T2 read x as 2, but that was written by T1, which certainly failed",
  ],
  [
    "G1b",
    `T1: wx1 wx2
      T2: rx1`,
    "T2 read x as 1, which T1 wrote, but T1 went on to write 2",
  ],
  [
    "G1b",
    `T1: wx1 wy1 wx2 info
      T2: ry1 rx1`,
    "T2 read x as 1, which T1 wrote, but T1 went on to write 2",
  ],
  [
    "G1b",
    `T1: wx1 wx2 wx3
      T2: rx2`,
    "T2 read x as 2, which T1 wrote, but T1 went on to write 3",
  ],
  ["future-read", `T1: rx1 wx1`, "T1 read x as 1, which it wrote only later"],
  [
    "future-read",
    `T1: wx1
      T2: rx2 wx2`,
    "T1 read x as 2, which it wrote only later",
  ],
  ["future-read", `T1: rx3 wx1 wx3`, "T1 read x as 3, which it wrote only later"],
  [
    "cyclic-versions",
    `T1: rx1 wx2
      T2: rx2 wx1`,
    "T2 read x as 2 and wrote 1; T1 read x as 1 and wrote 2: none of these values can have been first",
  ],
  [
    "cyclic-versions",
    `T1: rx1 wx2
      T2: rx2 wx3
      T3: rx3 wx1`,
    "T2 read x as 2 and wrote 3; T3 read x as 3 and wrote 1; T1 read x as 1 and wrote 2: none of these values can have been first",
  ],
  [
    "cyclic-versions",
    `T1: rx1 wx2 ry_
      T2: rx2 wx1 wy5`,
    "T2 read x as 2 and wrote 1; T1 read x as 1 and wrote 2: none of these values can have been first",
  ],
  [
    "lost-update",
    `T1: rx_ wx1
      T2: rx_ wx2`,
    "T1 and T2 both read x as nothing and wrote it, 1 and 2: neither saw the other's",
  ],
  [
    "lost-update",
    `T1: wx1
      T2: rx1 wx2
      T3: rx1 wx3`,
    "T1 and T2 both read x as 1 and wrote it, 2 and 3: neither saw the other's",
  ],
  [
    "lost-update",
    `T1: wx1
      T2: rx1 wx2
      --
      T3: rx1 wx3`,
    "T1 and T2 both read x as 1 and wrote it, 2 and 3: neither saw the other's",
  ],
  [
    "G1c",
    `T1: wx1 ry2
      T2: wy2 rx1`,
    "T2 read x as 1, which T1 wrote; T1 read y as 2, which T2 wrote: each would have to come before the other",
  ],
  [
    "G1c",
    `T1: wx1 ry2
      T2: rx1 wx3 wy2`,
    "T2 read x as 1, which T1 wrote; T1 read y as 2, which T2 wrote: each would have to come before the other",
  ],
  [
    "G1c",
    `T1: wx1 rz3
      T2: rx1 wy2
      T3: ry2 wz3`,
    "T1 read z as 3, which T3 wrote; T2 read x as 1, which T1 wrote; T3 read y as 2, which T2 wrote: so none of them can have been first",
  ],
  [
    "G1c-realtime",
    `T1: rx1
      --
      T2: wx1`,
    "T1 read x as 1, which T2 wrote; T1 ended 10 ms before T2 began: each would have to come before the other",
  ],
  [
    "G-single",
    `T1: wx1 wy1
      T2: rx1 ry_`,
    "T2 read y as nothing, before T1 wrote 1; T2 read x as 1, which T1 wrote: each would have to come before the other",
  ],
  [
    "G-single",
    `T1: wx1 wy1
      T2: rx1 wx2 ry1 wy2
      T3: rx2 ry1`,
    "T2 read y as 1, which T1 read too and replaced by 2; T2 read x as 2, which T1 wrote: each would have to come before the other",
  ],
  [
    "G-single",
    `T1: wx1
      T2: rx1 wy1
      T3: ry1 rx_`,
    "T3 read x as nothing, before T1 wrote 1; T2 read x as 1, which T1 wrote; T3 read y as 1, which T2 wrote: so none of them can have been first",
  ],
  [
    "G-single-process",
    `T1: wx1 p1
      --
      T2: rx_ p1`,
    "T2 read x as nothing, before T1 wrote 1; process 1 did T1 before T2: each would have to come before the other",
  ],
  [
    "G-single-realtime",
    `T1: wx1
      --
      T2: wx2
      --
      T3: rx1`,
    "T3 read x as 1, and T2's 2 came after 1: T1, which wrote 1, ended before T2, which wrote 2, began; T2 ended 10 ms before T3 began: each would have to come before the other",
  ],
  [
    "G-single-realtime",
    `T1: wx1
      --
      T2: rx_`,
    "T2 read x as nothing, before T1 wrote 1; T1 ended 10 ms before T2 began: each would have to come before the other",
  ],
  [
    "G-single-realtime",
    `T1: wx1
      T2: wx2
      T3: rx1
      --
      T4: rx2
      --
      T5: rx1`,
    "T3 read x as 2, and T1's 1 came after 2: T2, which wrote 2, ended before T4, which read 1, began; T1 ended 10 ms before T3 began: each would have to come before the other",
  ],
  [
    "G-nonadjacent",
    `T1: wx1
      T2: wy1
      T3: rx1 ry_
      T4: rx_ ry1`,
    "T4 read x as nothing, before T1 wrote 1; T3 read x as 1, which T1 wrote; T3 read y as nothing, before T2 wrote 1; T4 read y as 1, which T2 wrote: so none of them can have been first",
  ],
  [
    "G-nonadjacent",
    `T1: wx1
      --
      T2: rx1 wx2 
      T3: wy1
      T4: rx2 ry_
      T5: rx1 ry1`,
    "T4 read x as 1, which T1 read too and replaced by 2; T3 read x as 2, which T1 wrote; T3 read y as nothing, before T2 wrote 1; T4 read y as 1, which T2 wrote: so none of them can have been first",
  ],
  [
    "G-nonadjacent",
    `T1: rx_ rf1
      T2: wx1 wb1
      T3: rb1 rc_
      T4: wc1 wd1
      T5: rd1 re_
      T6: we1 wf1`,
    "T5 read e as nothing, before T6 wrote 1; T1 read f as 1, which T6 wrote; T1 read x as nothing, before T2 wrote 1; T3 read b as 1, which T2 wrote; T3 read c as nothing, before T4 wrote 1; T5 read d as 1, which T4 wrote: so none of them can have been first",
  ],
  [
    "G2-item",
    `T1: rx_ wy1
      T2: ry_ wx1`,
    "T1 read x as nothing, before T2 wrote 1; T2 read y as nothing, before T1 wrote 1: each would have to come before the other",
  ],
  [
    "G2-item",
    `T1: rx_ wy1
      T2: ry_ wz1
      T3: rz_ wx1`,
    "T3 read z as nothing, before T2 wrote 1; T2 read y as nothing, before T1 wrote 1; T1 read x as nothing, before T3 wrote 1: so none of them can have been first",
  ],
  [
    "G2-item",
    `T1: wx1 wy1
      --
      T2: rx1 ry1 wx2
      T3: rx1 ry1 wy2`,
    "T1 read y as 1, which T2 read too and replaced by 2; T2 read x as 1, which T1 read too and replaced by 2: each would have to come before the other",
  ],
];

it.each(planted)("tells %s of\n%s", (anomaly, history, sentence) => {
  const result = rwRegister().check(textTransactions(history));
  expect(result.verdict).toBe("invalid");
  expect(result.violations.filter(({ kind }) => kind === anomaly).map((violation) => violation.sentence)).toEqual([
    sentence,
  ]);
  expect(result.anomalies[anomaly]).toMatchObject({ count: 1, forbidden: true });
});
