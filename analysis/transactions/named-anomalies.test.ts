import { expect, it } from "vitest";
import { listAppend } from "./list-append.ts";
import { anomalyMeanings, cycleMeanings, levelMeanings, type ModelName } from "./model-table.ts";
import { rwRegister } from "./rw-register.ts";
import { textTransactions } from "./test-support/text-transactions.ts";

/**
 * Small histories from the definitions of the literature: the anomaly each shows, the weakest models that forbid it, and
 * strongest ones that do not. A model is asked for alone, so that nothing stronger helps to find the anomaly.
 */
type Row = readonly [anomaly: string, violated: readonly ModelName[], held: readonly ModelName[], history: string];

const lists: readonly Row[] = [
  // Adya's thesis, PL-1: dirty writes.
  ["G0", ["read-uncommitted"], [], "T1: ax1 ay1\nT2: ax2 ay2\nT3: rx[1 2] ry[2 1]"],
  ["G0", ["read-uncommitted"], [], "T1: ax1 ay1\nT2: ay2 az2\nT3: az3 ax3\nT4: rx[3 1] ry[1 2] rz[2 3]"],
  ["duplicate-elements", ["read-uncommitted"], [], "T1: ax1\nT2: rx[1 1]"],
  // PL-2: aborted, intermediate and circular reads.
  ["G1a", ["read-committed"], ["read-uncommitted"], "T1: ax1 fail\nT2: rx[1]"],
  ["G1a", ["read-committed"], ["read-uncommitted"], "T1: ax1 fail\nT2: ax2\nT3: rx[1 2]"],
  ["dirty-update", ["read-committed"], ["read-uncommitted"], "T1: ax1 fail\nT2: ax2\nT3: rx[1 2]"],
  ["G1b", ["read-committed"], ["read-uncommitted"], "T1: ax1 ax2\nT2: rx[1]"],
  ["G1b", ["read-committed"], ["read-uncommitted"], "T1: ax1 ay3 ax2\nT2: rx[1] ry[3]"],
  ["G1c", ["read-committed"], ["read-uncommitted"], "T1: ax1 ry[2]\nT2: ay2 rx[1]"],
  ["G1c", ["read-committed"], ["read-uncommitted"], "T1: ax1 ay2\nT2: ax3 ry[2]\nT3: rx[3 1]"],
  ["G1c", ["read-committed"], ["read-uncommitted"], "T1: ax1 rz[3]\nT2: ay2 rx[1]\nT3: az3 ry[2]"],
  ["phantom", ["read-committed"], ["read-uncommitted"], "T1: ax1\nT2: rx[9]"],
  ["future-read", ["read-committed"], ["read-uncommitted"], "T1: rx[1] ax1"],
  ["future-read", ["read-committed"], ["read-uncommitted"], "T1: ax1\nT2: rx[1 2] ax2"],
  ["incompatible-order", ["read-committed"], ["read-uncommitted"], "T1: ax1\nT2: ax2\nT3: rx[1 2]\nT4: rx[2 1]"],
  ["incompatible-order", ["read-committed"], ["read-uncommitted"], "T1: ax1 ax2\nT2: ax3\nT3: rx[2 1 3]"],
  ["incompatible-order", ["read-committed"], ["read-uncommitted"], "T1: ax1 ax2 ax3\nT2: rx[1 3]"],
  // Lost updates: cursor stability.
  ["lost-update", ["cursor-stability", "update-atomic"], ["read-committed", "prefix"], "T1: rx[] ax1\nT2: rx[] ax2"],
  ["lost-update", ["cursor-stability"], ["read-committed"], "T1: ax1\nT2: rx[1] ax2\nT3: rx[1] ax3\nT4: rx[1 2 3]"],
  // Cerone's INT.
  ["internal", ["read-atomic"], ["read-committed"], "T1: ax1 rx[]"],
  ["internal", ["read-atomic"], ["read-committed"], "T1: ax1\nT2: rx[] rx[1]"],
  ["internal", ["read-atomic"], ["read-committed"], "T1: ax1\nT2: ax2 rx[1]"],
  // Bailis: fractured reads.
  ["G-single", ["read-atomic", "consistent-view"], ["read-committed"], "T1: ax1 ay1\nT2: rx[1] ry[]"],
  ["fractured-read", ["read-atomic"], ["read-committed"], "T1: ax1 ay1\nT2: ax2 rx[1 2] ry[]\nT3: rx[1 2]"],
  // Causality through another transaction.
  ["causality-violation", ["causal-cerone"], ["read-atomic"], "T1: ax1\nT2: rx[1] ay1\nT3: ry[1] rx[]"],
  ["G-single", ["consistent-view"], ["read-atomic"], "T1: ax1\nT2: rx[1] ay1\nT3: ry[1] rx[]"],
  ["causality-violation-process", ["causal"], ["causal-cerone"], "T1: ax1 p9\n--\nT2: rx[] p9"],
  ["causality-violation-process", ["causal"], ["causal-cerone"], "T1: ax1 late\nT2: rx[1] p9\n--\nT3: rx[] p9"],
  // Adya's PL-2+: read skew through a write dependency, which causal models do not see.
  ["G-single", ["consistent-view"], ["causal-cerone", "prefix"], "T1: az1 ax1\nT2: rz[] ax2\nT3: rx[1 2]"],
  // Long fork: allowed by parallel snapshot isolation, not by prefix consistency.
  [
    "G-nonadjacent",
    ["prefix", "snapshot-isolation"],
    ["parallel-snapshot-isolation"],
    "T1: ax1\nT2: ay1\nT3: rx[1] ry[]\nT4: rx[] ry[1]",
  ],
  ["prefix-violation", ["prefix"], ["causal-cerone"], "T1: ax1\nT2: ay1\nT3: rx[1] ry[]\nT4: rx[] ry[1]"],
  // Write skew: allowed by snapshot isolation.
  ["G2-item", ["repeatable-read"], ["snapshot-isolation"], "T1: rx[] ay1\nT2: ry[] ax1"],
  ["G-update", ["update-serializable"], ["snapshot-isolation"], "T1: rx[] ay1\nT2: ry[] ax1"],
  ["G2-item", ["serializable"], ["snapshot-isolation"], "T1: rx[] ay1\nT2: ry[] az1\nT3: rz[] ax1"],
  // Fekete, O'Neil and O'Neil: a read-only transaction makes it unserializable.
  [
    "G2-item",
    ["serializable"],
    ["snapshot-isolation"],
    "T1: rx[] ry[] ax1\nT2: ry[] ay1\nT3: rx[] ry[1]\nT4: rx[1] ry[1]",
  ],
  // Two readers disagree though every update is serializable.
  [
    "G-nonadjacent",
    ["snapshot-isolation"],
    ["update-serializable"],
    "T1: ax1\nT2: ay1\nT3: rx[1] ry[]\nT4: rx[] ry[1]",
  ],
  // Sessions and real time.
  ["G0-process", ["strong-session-read-uncommitted"], ["serializable"], "T1: ax1 p9\n--\nT2: ax2 p9\n--\nT3: rx[2 1]"],
  ["G1c-process", ["strong-session-read-committed"], ["serializable"], "T1: rx[1] p9\n--\nT2: ax1 p9"],
  ["G-single-process", ["strong-session-snapshot-isolation"], ["serializable"], "T1: ax1 p9\n--\nT2: rx[] p9"],
  [
    "G2-item-process",
    ["strong-session-serializable"],
    ["serializable", "strong-session-snapshot-isolation"],
    "T1: ay1 p9\nT2: ax1 ry[] late\n--\nT3: rx[] p9",
  ],
  [
    "G0-realtime",
    ["strong-read-uncommitted"],
    ["strong-session-serializable"],
    "T1: ax1\n--\nT2: ax2\n--\nT3: rx[2 1]",
  ],
  ["G1c-realtime", ["strong-read-committed"], ["strong-session-serializable"], "T1: rx[1]\n--\nT2: ax1"],
  ["G-single-realtime", ["strong-snapshot-isolation"], ["strong-session-serializable"], "T1: ax1\n--\nT2: rx[]"],
  // Two sessions that each write, and then read what the other wrote.
  [
    "G-nonadjacent-process",
    ["strong-session-snapshot-isolation"],
    ["serializable"],
    "T1: ay1 p9\nT2: ax1 p8\n--\nT3: rx[] p9\nT4: ry[] p8",
  ],
  [
    "G-nonadjacent-realtime",
    ["strong-snapshot-isolation"],
    ["strong-session-serializable"],
    "T1: ay1\nT2: ax1 late\nT3: rx[1] ry[] late\n--\nT4: rx[]",
  ],
  [
    "G2-item-realtime",
    ["strict-serializable"],
    ["strong-session-serializable", "strong-snapshot-isolation"],
    "T1: ay1\nT2: ax1 ry[] late\n--\nT3: rx[]",
  ],
];

const registers: readonly Row[] = [
  ["G1a", ["read-committed"], ["read-uncommitted"], "T1: wx1 fail\nT2: rx1"],
  ["G1b", ["read-committed"], ["read-uncommitted"], "T1: wx1 wx2\nT2: rx1"],
  ["G1c", ["read-committed"], ["read-uncommitted"], "T1: wx1 ry2\nT2: wy2 rx1"],
  ["phantom", ["read-committed"], ["read-uncommitted"], "T1: rx1"],
  ["future-read", ["read-committed"], ["read-uncommitted"], "T1: rx1 wx1"],
  ["cyclic-versions", ["read-committed"], ["read-uncommitted"], "T1: rx1 wx2\nT2: rx2 wx1"],
  ["lost-update", ["cursor-stability", "update-atomic"], ["read-committed", "prefix"], "T1: rx_ wx1\nT2: rx_ wx2"],
  ["internal", ["read-atomic"], ["read-committed"], "T1: wx1 rx_"],
  ["fractured-read", ["read-atomic"], ["read-committed"], "T1: wx1 wy1\nT2: rx1 ry_"],
  ["G-single", ["consistent-view"], ["read-committed"], "T1: wx1 wy1\nT2: rx1 ry_"],
  ["causality-violation", ["causal-cerone"], ["read-atomic"], "T1: wx1\nT2: rx1 wy1\nT3: ry1 rx_"],
  ["prefix-violation", ["prefix"], ["parallel-snapshot-isolation"], "T1: wx1\nT2: wy1\nT3: rx1 ry_\nT4: rx_ ry1"],
  ["G-nonadjacent", ["snapshot-isolation"], ["update-serializable"], "T1: wx1\nT2: wy1\nT3: rx1 ry_\nT4: rx_ ry1"],
  ["G2-item", ["repeatable-read"], ["snapshot-isolation"], "T1: rx_ wy1\nT2: ry_ wx1"],
  ["G-update", ["update-serializable"], ["snapshot-isolation"], "T1: rx_ wy1\nT2: ry_ wx1"],
  // Blind writes: no version order will do, whichever way round.
  ["G-single", ["consistent-view"], ["read-committed"], "T1: rx_ wx7\nT2: rx_ ry1 wx8\nT3: rx7 wy1"],
  ["fractured-read", ["read-atomic"], ["read-committed"], "T1: wx1 wy1\nT2: wx2 wy2\nT3: rx1 ry2\nT4: rx2 ry1"],
  // Sessions and real time, with blind writes.
  ["causality-violation-process", ["causal"], ["serializable"], "T1: wx1 p9\n--\nT2: wx2 p9\n--\nT3: rx1 p9"],
  [
    "causality-violation-process",
    ["causal"],
    ["serializable"],
    "T1: wx1 late\nT2: wx2 late\nT3: rx1 p9\n--\nT4: rx2 p9\n--\nT5: rx1 p9",
  ],
  ["G1c-process", ["strong-session-read-committed"], ["serializable"], "T1: rx1 p9\n--\nT2: wx1 p9"],
  [
    "G-single-realtime",
    ["strong-snapshot-isolation"],
    ["strong-session-serializable"],
    "T1: wx1\n--\nT2: wx2\n--\nT3: rx1",
  ],
  [
    "G-single-realtime",
    ["strict-serializable"],
    ["strong-session-serializable"],
    "T1: rx_ wx7\nT2: wx8\n--\nT3: rx7\n--\nT4: rx8\n--\nT5: rx7",
  ],
  ["G1c-realtime", ["strong-read-committed"], ["strong-session-serializable"], "T1: rx1\n--\nT2: wx1"],
];

const rows = [
  ...lists.map((row) => [...row, listAppend] as const),
  ...registers.map((row) => [...row, rwRegister] as const),
];

it.each(rows)("%s violates %j and not %j", (anomaly, violated, held, history, make) => {
  const events = textTransactions(history);
  const judged = (model: ModelName) => make({ consistency: [model] }).check(events);
  for (const model of violated) expect(judged(model), model).toMatchObject({ verdict: "invalid" });
  for (const model of held) expect(judged(model).verdict, model).toBe("valid");
  const found = violated.map((model) => judged(model)).find((result) => result.anomalies[anomaly]?.forbidden);
  expect(found, history).toBeDefined();
  expect(found?.violations.map(({ kind }) => kind)).toContain(anomaly);
});

it("has a history of every anomaly that a consistency model forbids", () => {
  const plain = [...Object.keys(anomalyMeanings), ...Object.keys(levelMeanings), ...Object.keys(cycleMeanings)];
  const ordered = Object.keys(cycleMeanings).flatMap((name) => [`${name}-process`, `${name}-realtime`]);
  const shown = new Set(rows.map(([anomaly]) => anomaly));
  expect([...plain, ...ordered, "causality-violation-process"].filter((name) => !shown.has(name))).toEqual([]);
});

it("has at least sixty histories", () => expect(rows.length).toBeGreaterThanOrEqual(60));
