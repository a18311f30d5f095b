import { expect, test } from "vitest";
import type { Progress } from "../../controller/run/progress.ts";
import type { FaultRecord } from "../../history/annotations.ts";
import { RunStatus } from "./run-status.ts";
import { runView } from "./run-view.ts";
import { plain, type Size } from "./terminal.ts";

const cut: FaultRecord = {
  id: 1,
  action: "inject",
  startedNs: 0,
  variant: "leader",
  nodes: ["n2"],
  evidence: [{ subject: "n2->n1", observation: "probe refused", proves: true }],
  effective: true,
};

const usual: Size = { columns: 100, rows: 30 };

function linesAt(told: readonly Progress[], nowMs: number, size = usual): readonly string[] {
  const status = new RunStatus(0);
  for (const progress of told) status.hear(progress, 1000);
  return runView({ status, nowMs, takesKeys: true }, size, plain);
}

const shown = (told: readonly Progress[], nowMs: number) => linesAt(told, nowMs).join("\n").replaceAll("\u00a0", " ");

const underWay: Progress[] = [
  { type: "run", folder: "store/register/x", seed: 7, title: "register", timeLimitMs: 30_000 },
  { type: "stage", stage: "load" },
  { type: "node", record: { node: "n10", role: "follower", term: 3 } },
  { type: "node", record: { node: "n2", role: "leader", term: 3 } },
  { type: "operation", outcome: "ok" },
  { type: "operation", outcome: "info" },
  { type: "fault", name: "partition", record: cut },
];

test("phase and time left, operations, roles and terms, the active fault, the keys", () => {
  const frame = shown(underWay, 3500);
  expect(frame).toContain("keelhaul register seed 7");
  expect(frame).toMatch(/load and faults █+░+ 27.5s left/);
  expect(frame).toMatch(/1 ok +0 fail +1 info/);
  expect(frame).toMatch(/n2 leader t3 +n10 follower t3/);
  expect(frame).toContain("partition:leader on n2 for 2.5s");
  expect(frame).toContain("not checked yet");
  expect(frame).toContain("q or Ctrl-C stops the run and checks what was recorded");
});

test("operations per second are those of the last two seconds", () => {
  const burst = Array.from({ length: 400 }, (): Progress => ({ type: "operation", outcome: "ok" }));
  expect(shown(burst, 2000)).toContain("200/s 400 ok");
  expect(shown(burst, 3200)).toContain("0/s 400 ok");
});

test("a phase without a known end shows that it goes on, and since when", () => {
  const frames = [4000, 4125].map((nowMs) => shown([{ type: "stage", stage: "ready" }], nowMs));
  expect(frames[0]).toMatch(/phase +\S waiting for the cluster 3s/);
  expect(frames[1]).not.toBe(frames[0]);
});

test("a phase that takes long shows what is done in it, until the next one", () => {
  const building: Progress[] = [
    { type: "stage", stage: "hosts" },
    { type: "step", step: "installing essential packages" },
  ];
  expect(shown(building, 63_000)).toMatch(/phase +\S preparing machines: installing essential packages 1m 2s/);
  expect(shown([...building, { type: "stage", stage: "start" }], 2000)).not.toContain("installing");
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

test("the verdict so far and the latest warnings are shown, without control characters", () => {
  const told: Progress[] = [
    { type: "so-far", verdict: "invalid", summary: "a stale read" },
    ...[1, 2, 3, 4].map((at): Progress => ({ type: "warning", warning: `n${at}: \u001b[2Jno\nlog` })),
  ];
  const frame = shown([...underWay, ...told], 2000);
  expect(frame).toMatch(/invalid a stale read[\s\S]*n2: no log[\s\S]*n4: no log/);
  expect(frame).not.toContain("n1: no log");
});

test.each([
  [60, 20],
  [40, 10],
  [30, 5],
])("at %i by %i it fits, and the keys are there", (columns, rows) => {
  const warning = "n3: the log could not be copied, since the container had gone before anybody asked for it";
  const lines = linesAt([...underWay, { type: "warning", warning }], 3500, { columns, rows });
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  expect(lines.join(" ")).toContain("q or Ctrl-C");
});
