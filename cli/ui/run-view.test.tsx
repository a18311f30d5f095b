import { render } from "ink-testing-library";
import { expect, test } from "vitest";
import type { Progress } from "../../controller/run/progress.ts";
import type { FaultRecord } from "../../history/annotations.ts";
import { RunView } from "./run-view.tsx";
import { advance, initialStatus } from "./status.ts";

const cut: FaultRecord = {
  id: 1,
  action: "inject",
  startedNs: 0,
  variant: "leader",
  nodes: ["n2"],
  evidence: [{ subject: "n2->n1", observation: "probe refused", proves: true }],
  effective: true,
};

function shown(told: readonly Progress[], nowMs: number): string {
  const status = told.reduce((before, progress) => advance(before, progress, 1000), initialStatus);
  return render(<RunView status={status} nowMs={nowMs} />).lastFrame() ?? "";
}

const underWay: Progress[] = [
  { type: "run", folder: "store/register/x", seed: 7, title: "register", timeLimitMs: 30_000 },
  { type: "stage", stage: "load" },
  { type: "node", record: { node: "n10", role: "follower", term: 3 } },
  { type: "node", record: { node: "n2", role: "leader", term: 3 } },
  { type: "operation", outcome: "ok" },
  { type: "operation", outcome: "info" },
  { type: "fault", name: "partition", record: cut },
];

test("phase and time left, operations, roles and terms, the active fault", () => {
  const frame = shown(underWay, 3500);
  expect(frame).toContain("register seed 7");
  expect(frame).toMatch(/load and faults █+░+ 27.5s left/);
  expect(frame).toMatch(/1 ok +0 fail +1 info/);
  expect(frame).toMatch(/n2 leader t3 +n10 follower t3/);
  expect(frame).toContain("partition:leader on n2 for 2.5s");
  expect(frame).toContain("not judged yet");
});

test("a fault without effect is said to be so, and a healed one is gone", () => {
  const ineffective: Progress = { type: "fault", name: "partition", record: { ...cut, effective: false } };
  expect(shown([...underWay, ineffective], 2000)).toContain("NOT effective");
  const healed: Progress = { type: "fault", name: "partition", record: { ...cut, action: "heal" } };
  expect(shown([...underWay, healed], 2000)).toContain("1 injected, 1 effective");
  expect(shown([...underWay, healed], 2000)).not.toContain("on n2");
});

test("changes to the cluster are counted beside faults, with the last one", () => {
  const refused: Progress = {
    type: "fault",
    name: "transfer",
    record: { ...cut, action: "change", variant: "any", effective: false },
  };
  const frame = shown([...underWay, refused], 2000);
  expect(frame).toMatch(/changes +transfer:any n2, NOT made +1 tried, 0 made/);
  expect(frame).toContain("partition:leader on n2");
});

test("the verdict so far and warnings are shown", () => {
  const told: Progress[] = [
    { type: "so-far", verdict: "invalid", summary: "a stale read" },
    { type: "warning", warning: "n3: log could not be copied" },
  ];
  expect(shown([...underWay, ...told], 2000)).toMatch(/invalid a stale read[\s\S]*n3: log could not be copied/);
});
