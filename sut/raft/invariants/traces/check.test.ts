import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import type { Rules } from "../../core/rules.ts";
import { Schedule, type ScheduleOptions } from "../test-support/schedule.ts";
import { InvariantViolation } from "../violation.ts";
import { checkTraces } from "./check.ts";

type Setting = Omit<ScheduleOptions, "int" | "onTraceLine">;

/** A random schedule with its traces, and the invariant that was seen broken while it ran. */
function traced(seed: number, setting: Setting) {
  const generator = xoroshiro128plus(seed);
  const lines = new Map<string, string[]>();
  const onTraceLine = (id: string, line: string) => void lines.set(id, [...(lines.get(id) ?? []), line.trimEnd()]);
  const int = (from: number, to: number) => uniformInt(generator, from, to);
  const traces = () => [...lines].map(([name, own]) => ({ name, lines: own }));
  try {
    new Schedule({ ...setting, int, onTraceLine }).run();
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return { traces: traces(), broken: error };
  }
  return { traces: traces(), broken: null };
}

test.each<{ name: string } & Setting>([
  { name: "3 nodes", nodes: 3, config: {} },
  { name: "3 voters of 5 nodes, changing", nodes: 5, voters: 3, config: {}, readModes: ["log", "follower"] },
])("the traces of healthy schedules are clean: $name", ({ name: _, ...setting }) => {
  for (let seed = 1; seed <= 20; seed++) {
    const check = checkTraces(traced(seed, setting).traces);
    expect(check.violation, `seed ${seed}`).toBeNull();
    expect(check.steps).toBeGreaterThan(100);
  }
});

test.each<{ name: string; broken: Partial<Rules> }>([
  { name: "candidateLogIsUpToDate", broken: { candidateLogIsUpToDate: () => true } },
  { name: "mayGrantVote", broken: { mayGrantVote: () => true } },
  { name: "hardStateAfterRestart", broken: { hardStateAfterRestart: ({ term }) => ({ term, votedFor: null }) } },
  { name: "appendAckWaitsForDisk", broken: { appendAckWaitsForDisk: () => false } },
  { name: "ownMatchIndex", broken: { ownMatchIndex: (_durable, last) => last } },
  { name: "commitAfterRestart", broken: { commitAfterRestart: (last) => last } },
  { name: "readFloor", broken: { readFloor: (commitIndex) => commitIndex } },
  { name: "snapshotMembership", broken: { snapshotMembership: () => ({ ...nobody, incoming: ["S9"] }) } },
])("what was seen broken while a schedule ran is found in its traces: $name", ({ broken }) => {
  for (let seed = 1; seed <= 3000; seed++) {
    const run = traced(seed, { nodes: 3, config: { preVote: false, checkQuorum: false }, rules: broken });
    if (run.broken === null) continue;
    const { invariant, nodes, detail } = run.broken;
    expect(checkTraces(run.traces).violation).toMatchObject({ invariant, nodes, detail });
    return;
  }
  throw new Error("no schedule broke anything");
});

const nobody = { incoming: [], outgoing: [], learners: [], learnersNext: [], autoLeave: false };

test("a trace that cannot be read is named with its line, and nothing is said of the run", () => {
  const { traces } = traced(1, { nodes: 3, config: {} });
  const [first, ...others] = traces;
  const damaged = { name: "S1.trace.jsonl", lines: [...first!.lines, '{"t":1'] };
  const lines = first!.lines.length + 1;
  const problem = `S1.trace.jsonl, line ${lines}: it is no JSON`;
  expect(checkTraces([damaged, ...others])).toEqual({ steps: 0, violation: null, problem });
});

test("what a node found itself is told by its words", () => {
  const bug = JSON.stringify({ t: 7, node: "n1", seq: 0, ev: "receive", bug: "violated: a term has one leader {}" });
  expect(checkTraces([{ name: "n1", lines: [bug] }]).violation).toMatchObject({
    invariant: "assertion",
    name: "violated: a term has one leader {}",
    nodes: ["n1"],
    atNs: 7,
  });
});
