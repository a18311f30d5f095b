import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import { votersOnly } from "../core/membership.ts";
import { rules } from "../core/rules.ts";
import { startState } from "../core/state.ts";
import { step } from "../core/step.ts";
import { raft } from "../system.ts";
import { knobsSchema } from "./knobs.ts";
import { TestCluster } from "./test-cluster.ts";
import { openNodeTrace, traceFile } from "./trace.ts";

const knobs = knobsSchema.parse({ electionTimeoutMs: 100, heartbeatMs: 20, preVote: false });

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

/** A node alone, from its start to its first command, with what its trace says. */
function tracedNode() {
  const recovered = { hard: { term: 3, votedFor: null }, snapshot: null, entries: [entry(1, 1), entry(2, 3)] };
  const state = startState(
    { id: "n1", bootstrap: votersOnly(["n1"]), leaseReads: false, ...knobs },
    recovered,
    { now: 0, random: 0, run: 0 },
    rules,
  );
  const lines: string[] = [];
  const { watched, durable } = openNodeTrace(
    () => (line) => lines.push(line),
    () => 5,
  );
  const traced = watched(step, state);
  const effects = (event: Parameters<typeof step>[1]) => traced(state, event, rules, () => 0);
  return { effects, durable, told: () => lines.map((line) => JSON.parse(line)) };
}

const entry = (index: number, term: number) => ({ index, term, kind: "noop" as const, bytes: 0 });

test("a line tells what a node starts with, and each that follows what changed and what was done", () => {
  const { effects, told } = tracedNode();
  effects({ type: "tick", now: 1 });
  effects({ type: "tick", now: 300 });
  effects({ type: "persisted", now: 301, io: 1 });
  effects({ type: "propose", now: 302, proposals: [{ ref: 9, command: Buffer.alloc(7), bytes: 7 }] });
  const conf = { voters: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };
  const log = { first: 1, last: 2, lastTerm: 3, durable: 2, commit: 0, applied: 0 };
  const [start, campaign, elected, proposed, ...more] = told();
  expect(start).toEqual({
    ...{ t: 5, node: "n1", seq: 0, ev: "start", term: 3, state: "follower", vote: null, leader: null, log, conf },
    on: {
      bootstrap: { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
      snapshot: null,
      base: { index: 0, term: 0 },
      terms: [
        [1, 1, 1],
        [2, 2, 3],
      ],
    },
  });
  expect(campaign).toMatchObject({ seq: 1, ev: "tick", term: 4, state: "candidate", vote: "n1", log });
  expect(campaign.out[0]).toEqual({ do: "persist", io: 1, hard: { term: 4, votedFor: "n1" } });
  expect(elected).toMatchObject({ seq: 2, ev: "persisted", state: "leader", on: { io: 1 }, match: {} });
  expect(elected.out[0]).toEqual({ do: "persist", io: 2, append: [[3, 4, "noop"]] });
  expect(proposed).toMatchObject({ seq: 3, on: { proposals: [{ ref: 9, command: { bytes: 7 }, bytes: 7 }] } });
  expect(proposed.out).toEqual([{ do: "persist", io: 3, append: [[4, 4, "command"]] }]);
  expect(more).toEqual([]);
});

test("a write is told when it is durable, and a read whatever comes of it", () => {
  const { effects, durable, told } = tracedNode();
  effects({ type: "tick", now: 300 });
  durable(1);
  effects({ type: "persisted", now: 301, io: 1 });
  effects({ type: "read", now: 302, refs: [4], mode: "read-index" });
  expect(told().map(({ ev, seq, on }) => [ev, seq, on])).toEqual([
    ["start", 0, expect.anything()],
    ["tick", 1, undefined],
    ["durable", 2, { io: 1 }],
    ["persisted", 3, { io: 1 }],
    ["read", 4, { refs: [4], mode: "read-index" }],
  ]);
});

test("applied entries are told with the requests that they answer, and a bug with its words", () => {
  const { effects, told } = tracedNode();
  effects({ type: "tick", now: 300 });
  effects({ type: "persisted", now: 301, io: 1 });
  effects({ type: "propose", now: 302, proposals: [{ ref: 9, command: Buffer.alloc(7), bytes: 7 }] });
  effects({ type: "persisted", now: 303, io: 3 });
  const applied = told().at(-1);
  const entries = [
    [1, 1, "noop", []],
    [2, 3, "noop", []],
    [3, 4, "noop", []],
    [4, 4, "command", [9]],
  ];
  expect(applied.out).toEqual([{ do: "apply", entries }]);
  const message = {
    type: "append-entries",
    term: 4,
    prev: { index: 0, term: 0 },
    entries: [],
    leaderCommit: 0,
    round: 0,
  } as const;
  expect(() => effects({ type: "receive", now: 304, from: "n2", message })).toThrow();
  expect(told().at(-1)).toMatchObject({ ev: "receive", from: "n2", msg: message, bug: expect.any(String) });
});

test("whatever a process received, another's trace has sent before, also over a kill and a restart", async () => {
  cluster = await TestCluster.create(3, "read-index", { trace: true });
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  await client.invoke({ f: "write", key: "k", value: 1 }, patienceMs);
  const killed = await cluster.leader(patienceMs);
  await cluster.signal(killed, "SIGKILL");
  await client.invoke({ f: "write", key: "k", value: 2 }, patienceMs);
  cluster.start(killed);
  const restarted = cluster.node(killed);
  await expect
    .poll(() => raft.inspector.inspect(restarted, 500).catch(() => null), { timeout: patienceMs })
    .not.toBeNull();
  client.close();
  for (const { id } of cluster.nodes) await cluster.signal(id, "SIGKILL");

  const traces = await Promise.all(cluster.nodes.map(readTrace));
  const lines = traces.flat().sort((one, other) => one.t - other.t);
  const sent = new Set<string>();
  const leaders = new Map<number, string>();
  for (const { node, ev, from, msg, out = [], state, term } of lines) {
    if (ev === "receive") expect(sent).toContain(JSON.stringify([from, node, msg]));
    for (const { do: what, to, message } of out) if (what === "send") sent.add(JSON.stringify([node, to, message]));
    if (state === "leader") expect([node, leaders.get(term) ?? node]).toEqual([node, node]);
    if (state === "leader") leaders.set(term, node);
  }
  expect(leaders.size).toBeGreaterThanOrEqual(2);
  const starts = lines.filter(({ ev }) => ev === "start");
  expect(starts.map(({ node }) => node).sort()).toEqual(["n1", "n2", "n3", killed].sort());
  const again = starts.at(-1);
  expect(again).toMatchObject({ node: killed, seq: 0, term: expect.any(Number) });
  expect(again.on.terms[0]).toEqual([1, expect.any(Number), 1]);
});

// biome-ignore lint/suspicious/noExplicitAny: lines of JSON as they are
async function readTrace({ dataDir }: { readonly dataDir: string }): Promise<any[]> {
  const text = await readFile(join(dataDir, traceFile), "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
