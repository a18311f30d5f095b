import { describe, expect, test } from "vitest";
import { parseAxis } from "./axis.ts";
import { cellsOf } from "./cells.ts";
import { dueRuns } from "./compare.ts";

describe("an axis", () => {
  test("is an option as the command line or a program spells it, or a knob", () => {
    expect(parseAxis("read-mode=local, lease")).toEqual({ option: "readMode", values: ["local", "lease"] });
    expect(parseAxis("readMode=local")).toEqual({ option: "readMode", values: ["local"] });
    expect(parseAxis("set.fsync=true,false")).toEqual({ option: "set.fsync", values: ["true", "false"] });
  });

  test("takes values with commas between semicolons", () => {
    expect(parseAxis("nemesis=kill;partition,kill").values).toEqual(["kill", "partition,kill"]);
  });

  test.each([
    ["read-mode", '--axis: got "read-mode"; expected an option and its values'],
    ["read-mode=", '--axis: got "read-mode="; expected an option and its values'],
    ["read-mode=local,,lease", "--axis read-mode: got an empty value"],
    ["read-mode=local,local", '--axis read-mode: got "local" twice'],
    ["readmod=local", '--axis: got "readmod"; did you mean "readMode"?'],
    ["seed=1,2", '--axis: got "seed"; expected an option of keelhaul test or set.<knob>'],
  ])("is refused in one sentence: %s", (text, sentence) => {
    expect(() => parseAxis(text)).toThrow(sentence);
  });
});

const axes = [
  { option: "readMode", values: ["local", "lease"] },
  { option: "set.noop", values: ["true", "false"] },
];
const cells = cellsOf({ axes, options: { nodes: 3, set: { preVote: "false" } }, seed: 7 });

test("cells are all combinations, with what they share, and a seed for each repetition", () => {
  expect(cells.map(({ values }) => values.join())).toEqual(["local,true", "local,false", "lease,true", "lease,false"]);
  const plan = cells[3]!.plan(2);
  expect(plan).toMatchObject({ readMode: "lease", seed: 9, name: "compare-lease-false" });
  expect(plan.knobs).toMatchObject({ noop: false, preVote: false });
  expect(plan.nodes).toHaveLength(3);
});

test("a combination that makes no plan is refused before anything runs", () => {
  const wrong = { axes: [{ option: "readMode", values: ["lease", "leese"] }], options: {}, seed: 1 };
  expect(() => cellsOf(wrong)).toThrow('--read-mode: got "leese"; did you mean "lease"?');
});

test("repetitions take turns, each begins with another cell, and what is done is not done again", () => {
  const orderOf = (done: Parameters<typeof dueRuns>[2]) =>
    dueRuns(cells.slice(0, 3), 2, done).map(({ cell, repetition }) => `${repetition}:${cell.values.join("/")}`);
  expect(orderOf([])).toEqual([
    ...["0:local/true", "0:local/false", "0:lease/true"],
    ...["1:local/false", "1:lease/true", "1:local/true"],
  ]);
  const done = [
    { values: ["local", "true"], repetition: 0 },
    { values: ["lease", "true"], repetition: 1 },
  ];
  expect(orderOf(done)).toEqual(["0:local/false", "0:lease/true", "1:local/false", "1:local/true"]);
});
