import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runFiles } from "../../../history/test-record.ts";
import { runTest } from "../../run/run.ts";
import { makePlan } from "../plan.ts";
import { commandLine } from "../repeat.ts";
import type { ScheduleEntry } from "./entry.ts";
import { readScheduleFile, scheduleFileOf, writeScheduleFile } from "./file.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-schedule-"));
  file = join(folder, "schedule.json");
});
afterEach(() => rm(folder, { recursive: true }));

const quiet = { signal: new AbortController().signal, tell: () => {}, startedAt: new Date(), watched: false };
const asIs = { nodes: 3, timeLimit: "12s", set: { electionTimeoutMs: 300 } };
const planOf = (faults: readonly unknown[], options: Record<string, unknown> = {}) =>
  makePlan({ ...asIs, ...options, schedule: { faults, file } }, 0);

test("a run's schedule.json gives the same history again, byte for byte, though it says what was chosen at the time", async () => {
  const options = { ...asIs, backend: "sim", nemesis: "all", rate: 50, store: folder };
  const drawn = makePlan(options, 5);
  const historyOf = (run: { folder: string }) => readFile(join(run.folder, runFiles.history), "utf8");
  const first = await runTest(drawn, quiet);
  const read = await readScheduleFile(join(first.folder, runFiles.schedule));
  expect(read.faults.map(({ fault }) => fault)).toEqual(expect.arrayContaining(["membership", "transfer"]));
  const again = await runTest(makePlan({ ...read.options, schedule: { faults: read.faults } }, 0), quiet);
  expect(await historyOf(again)).toBe(await historyOf(first));
});

const node = fc.constantFrom("n1", "n2", "n3");
const entry = fc.oneof(
  fc.record({ fault: fc.constant("kill"), variant: fc.constant("one"), nodes: fc.array(node) }),
  fc.record({ fault: fc.constant("pause"), variant: fc.constant("leader") }),
  fc.record({
    ...{ fault: fc.constant("partition"), variant: fc.constant("one-way") },
    ...{ nodes: fc.array(node), cut: fc.array(fc.tuple(node, node)) },
  }),
);

test("a schedule is the same behind a file as before it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (drawn) => {
      const faults = drawn.map((each, place): ScheduleEntry => ({ ...each, atMs: 2000 * place, durationMs: 1999 }));
      const plan = planOf(faults, { mutant: "M24", nodes: 3, seed: 7, rate: 31, backend: "sim" });
      await writeScheduleFile(file, scheduleFileOf(plan, faults));
      const read = await readScheduleFile(file);
      expect(read.faults).toEqual(faults);
      expect(makePlan({ ...read.options, schedule: { faults: read.faults, file } }, 0)).toEqual(plan);
    }),
    { numRuns: 50 },
  );
});

const kill = { fault: "kill", variant: "one", atMs: 2000, durationMs: 3000, nodes: ["n1"] };

test("what is said of a schedule is told by the command that runs it again", () => {
  const command = commandLine(planOf([kill]));
  expect(command).toContain(`--schedule ${file}`);
  expect(command).not.toContain("--nemesis");
});

test.each([
  ["{", /schedule.json: not valid JSON: Expected property name/],
  ["{}", /schedule.json: faults: is missing; expected a list of faults$/],
  ['{"faults":[],"nodes":3}', /schedule.json: nodes: no such field; known are options, faults$/],
  ['{"faults":[{"fault":"kill","variant":"one","atMs":-1}]}', /faults.0.atMs: got -1; expected milliseconds, a whole/],
  ['{"faults":[{"fault":"kill","variant":"one","at":1}]}', /faults.0.at: no such field; did you mean "atMs"\?$/],
  ['{"faults":["kill"]}', /faults.0: got "kill"; expected a fault such as/],
  [
    '{"faults":[{"fault":"partition","variant":"one","atMs":1,"cut":[["n1"]]}]}',
    /faults.0.cut.0: got \["n1"\]; expected an edge such as \["n1","n2"\]$/,
  ],
])("a file with %j is refused with place, value and what was expected", async (content, sentence) => {
  await writeFile(file, content);
  await expect(readScheduleFile(file)).rejects.toThrow(sentence);
});

test.each([
  [
    { ...kill, fault: "flood" },
    'faults.0.fault: got "flood"; expected one of partition, kill, pause, suspend, clock, hog, slow, lossy, duplicate, reorder, rate, reset, disk, membership, churn, transfer',
  ],
  [
    { ...kill, variant: "half" },
    'faults.0.variant: got "half"; expected one of leader, one, minority, all, restart, power',
  ],
  [{ ...kill, nodes: ["n4"] }, 'faults.0.nodes: got "n4"; expected some of n1, n2, n3'],
  [{ ...kill, cut: [["n1", "n2"]] }, 'faults.0.cut: got [["n1","n2"]]; expected none'],
  [{ ...kill, durationMs: undefined }, "faults.0.durationMs: is missing; expected how long it lasts, in milliseconds"],
  [{ ...kill, atMs: 9001 }, "faults.0.durationMs: got 3000; expected an end within the time limit of 12s"],
  [
    { fault: "transfer", variant: "any", atMs: 1, durationMs: 1 },
    "faults.0.durationMs: got 1; expected none: a transfer is instantaneous and takes no duration",
  ],
  [
    { fault: "clock", variant: "jump", atMs: 1, durationMs: 1, nodes: ["n1"] },
    'faults.0.clocks: is missing; expected a clock of the kind "clock" for n1',
  ],
  [
    { ...kill, clocks: { n1: { kind: "clock-monotonic", rate: 2 } } },
    'faults.0.clocks: got {"n1":{"kind":"clock-monotonic","rate":2}}; expected none',
  ],
  [
    { fault: "partition", variant: "one", atMs: 1, durationMs: 1, nodes: ["n1"] },
    "faults.0.cut: is missing; expected the edges to cut",
  ],
  [
    { fault: "slow", variant: "one", atMs: 1, durationMs: 1, nodes: ["n1"] },
    'faults.0.impaired: is missing; expected edges and an impairment of the kind "link-slow"',
  ],
  [
    {
      ...{ fault: "slow", variant: "one", atMs: 1, durationMs: 1, nodes: ["n1"] },
      impaired: { edges: [["n1", "n9"]], impairment: { kind: "link-slow", delayMs: 50, jitterMs: 0 } },
    },
    'faults.0.nodes: got "n9"; expected some of n1, n2, n3',
  ],
])("a schedule that does not fit the plan is refused: %j", (fault, sentence) => {
  expect(() => planOf([fault])).toThrow(`--schedule ${sentence}`);
});

const suspend = { fault: "suspend", variant: "one", atMs: 3000, durationMs: 1000 };

test("faults of different kinds may overlap, also where they break the same", () => {
  const overlapping = [suspend, { ...suspend, fault: "partition" }, { ...suspend, fault: "pause", atMs: 3500 }];
  expect(() => planOf(overlapping)).not.toThrow();
});

test("faults of one kind do not overlap, in whatever order the file has them; --nemesis is refused beside a schedule", () => {
  expect(() => planOf([{ ...kill, atMs: 4000 }, kill])).toThrow(
    "--schedule faults.0.atMs: got 4000; expected 5000 or later, the end of faults.1, as faults of one kind must not overlap",
  );
  expect(() => planOf([kill], { nemesis: "all" })).toThrow(
    "--nemesis: the schedule already says which faults happen; omit one of the two",
  );
});
