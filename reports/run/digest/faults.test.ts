import { expect, test } from "vitest";
import type { FaultRecord } from "../../../history/annotations.ts";
import { activeFaultIds, FaultCollector } from "./faults.ts";

const evidence = [{ subject: "n1", observation: "pid 7 is gone", proves: true }];
const base = { variant: "kill", nodes: ["n1"], evidence, effective: true };

function collect(
  ...records: readonly [time: number, record: Pick<FaultRecord, "id" | "action"> & Partial<FaultRecord>][]
) {
  const collector = new FaultCollector();
  records.forEach(([time, record], index) => {
    const value: FaultRecord = { ...base, startedNs: time - 1, ...record };
    collector.add({ index, time, process: "nemesis", type: "info", f: "kill", value });
  });
  return collector;
}

test("a fault lasts from the start of its injection to the end of its healing", () => {
  const [fault] = collect([10, { id: 1, action: "inject" }], [30, { id: 1, action: "heal" }]).faults(null, null);
  expect(fault).toMatchObject({ id: 1, fault: "kill", fromNs: 9, toNs: 30, healed: true, evidence, problems: [] });
});

test("a fault that was never healed is open, and one that failed says why, without folders", () => {
  const [open, failed] = collect(
    [10, { id: 1, action: "inject" }],
    [20, { id: 2, action: "inject", effective: false, problem: "cannot run /opt/x/bin/agent" }],
  ).faults(null, null);
  expect(open).toMatchObject({ toNs: null, healed: null });
  expect(failed).toMatchObject({ effective: false, problems: ["cannot run agent"] });
});

test("a change to the cluster is over when it is made, and needs no healing", () => {
  const [change] = collect([10, { id: 4, action: "change" }]).faults(null, null);
  expect(change).toMatchObject({ id: 4, change: true, fromNs: 9, toNs: 10, effective: true, healed: null });
});

test("an imported history's own nemesis records are left alone", () => {
  const collector = new FaultCollector();
  collector.add({ index: 0, time: 1, process: "nemesis", type: "info", f: "start", value: "partitioned" });
  expect(collector.faults(null, null)).toEqual([]);
});

test("active means overlapping in time", () => {
  const faults = collect(
    [10, { id: 1, action: "inject" }],
    [20, { id: 1, action: "heal" }],
    [40, { id: 2, action: "inject" }],
  ).faults(null, null);
  expect([activeFaultIds(faults, 15, 18), activeFaultIds(faults, 20, 30), activeFaultIds(faults, 50, 60)]).toEqual([
    [1],
    [],
    [2],
  ]);
});
