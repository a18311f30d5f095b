import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Timeline, timelineOf } from "../analysis/operations/timeline.ts";
import type { FaultWindow, OperationView, Results, Violation } from "../analysis/results.ts";
import type { Evidence, FaultRecord, NodeRecord } from "../history/annotations.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { TestRecord } from "../history/test-record.ts";

/** A made-up run that looks like a real one: five nodes, partitions and a pause, and at will a stale read. */
export interface SyntheticRun {
  readonly test: TestRecord;
  readonly results: Results;
  readonly history: readonly HistoryEvent[];
  readonly timeline: Timeline;
}

export interface SyntheticOptions {
  readonly seed: number;
  readonly verdict: "valid" | "invalid";
  readonly seconds?: number;
  readonly rate?: number;
}

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const keys = ["k1", "k2", "k3", "k4", "k5"];
const concurrency = 10;

/** Who leads when, which faults strike when; times as shares of the run. */
const reigns = [
  { from: 0.01, to: 0.2, leader: "n1", term: 1 },
  { from: 0.225, to: 0.68, leader: "n3", term: 2 },
  { from: 0.71, to: 1, leader: "n2", term: 4 },
] as const;
const strikes = [
  { from: 0.2, to: 0.36, fault: "partition", variant: "leader", nodes: ["n1"], effective: true },
  { from: 0.42, to: 0.52, fault: "pause", variant: "pause", nodes: ["n4", "n5"], effective: true },
  { from: 0.58, to: 0.62, fault: "partition", variant: "one-way", nodes: ["n5"], effective: false },
  { from: 0.68, to: 0.8, fault: "kill", variant: "kill", nodes: ["n3"], effective: true },
] as const;

type Draft = Omit<HistoryEvent, "index">;

export function syntheticRun({ seed, verdict, seconds = 30, rate = 200 }: SyntheticOptions): SyntheticRun {
  const random = seededRandom(seed);
  const endNs = seconds * 1e9;
  const clients = clientEvents(random, endNs, rate);
  const drafts = [...phaseEvents(endNs), ...observerEvents(endNs), ...faultEvents(endNs), ...clients.events];
  const stories = verdict === "invalid" ? [staleRead(endNs), disagreement(endNs)] : [];
  drafts.push(...stories.flatMap(({ events }) => events));
  const history = drafts.toSorted((a, b) => a.time - b.time).map((draft, index): HistoryEvent => ({ index, ...draft }));
  const violations = stories.map(({ violation }) => violation(history));
  const results = resultsOf(history, violations, endNs);
  return { test: testRecord(seed, seconds, rate), history, timeline: timelineOf(history), results };
}

function seededRandom(seed: number): (from: number, to: number) => number {
  const generator = xoroshiro128plus(seed);
  return (from, to) => from + (uniformInt(generator, 0, 1_000_000) / 1_000_000) * (to - from);
}

function clientEvents(random: (from: number, to: number) => number, endNs: number, rate: number) {
  const events: Draft[] = [];
  const values = new Map<string, number>();
  let nextValue = 1;
  for (let client = 0; client < concurrency; client++) {
    let process = client;
    let now = random(0, 5e7);
    while (now < endNs * 0.98) {
      const share = now / endNs;
      const node = nodes[client % nodes.length]!;
      const key = keys[Math.floor(random(0, keys.length - 1e-6))]!;
      const f = (["read", "read", "write", "cas"] as const)[Math.floor(random(0, 3.999))]!;
      const old = values.get(key) ?? null;
      const value = f === "read" ? null : f === "write" ? nextValue++ : [old, nextValue++];
      const end = ending(random, share, node, f);
      const endedAt = now + end.latencyMs * 1e6;
      const base = { process, f, key };
      events.push({ ...base, time: now, type: "invoke", value });
      if (end.type === "ok" && f === "write") values.set(key, value as number);
      if (end.type === "ok" && f === "cas") values.set(key, (value as number[])[1]!);
      events.push({
        ...base,
        time: endedAt,
        type: end.type,
        value: f === "read" && end.type === "ok" ? old : value,
        node: end.node,
        ...(end.error && { error: end.error }),
      });
      if (end.type === "info") process += concurrency;
      now = endedAt + random(0.2, 1.8) * (concurrency / rate) * 1e9;
    }
  }
  return { events };
}

/** How an operation begun at a share of the run ends: leaderless stretches and struck nodes time out or refuse. */
function ending(random: (from: number, to: number) => number, share: number, node: string, f: string) {
  const reign = reigns.find(({ from, to }) => share >= from && share < to);
  const struck = strikes.find((strike) => strike.effective && share >= strike.from && share < strike.to);
  const hit = struck !== undefined && (struck.nodes as readonly string[]).includes(node);
  if (!reign) return { type: "fail", error: "not-leader", latencyMs: random(60, 250), node } as const;
  if (hit && struck.fault === "kill")
    return { type: "fail", error: "not-sent", latencyMs: random(100, 200), node } as const;
  if (hit && random(0, 1) < 0.6) return { type: "info", error: "timeout", latencyMs: 1000, node } as const;
  if (f === "cas" && random(0, 1) < 0.3) {
    return { type: "fail", error: "cas-mismatch", latencyMs: random(2, 9), node: reign.leader } as const;
  }
  const latencyMs = random(1.5, 5) * (random(0, 1) < 0.03 ? random(3, 12) : 1) * (struck ? 1.6 : 1);
  return { type: "ok", latencyMs, node: reign.leader } as const;
}

function observerEvents(endNs: number): Draft[] {
  const saw = (share: number, record: NodeRecord): Draft => ({
    process: "observer",
    type: "info",
    f: "node",
    time: share * endNs,
    value: record,
  });
  const followers = (share: number, term: number, leader: string, among: readonly string[]) =>
    among.map((node) => saw(share, { node, role: node === leader ? "leader" : "follower", term, leader }));
  return [
    ...nodes.map((node) => saw(0.001, { node, role: "follower", term: 0 })),
    saw(0.006, { node: "n1", role: "candidate", term: 1 }),
    ...followers(0.01, 1, "n1", nodes),
    saw(0.216, { node: "n3", role: "pre-candidate", term: 1 }),
    saw(0.22, { node: "n3", role: "candidate", term: 2 }),
    ...followers(0.225, 2, "n3", ["n2", "n3", "n4", "n5"]),
    saw(0.364, { node: "n1", role: "follower", term: 2, leader: "n3" }),
    ...["n4", "n5"].flatMap((node) => [
      saw(0.424, { node, role: "unreachable" }),
      saw(0.522, { node, role: "follower", term: 2, leader: "n3" }),
    ]),
    saw(0.682, { node: "n3", role: "down" }),
    saw(0.69, { node: "n4", role: "candidate", term: 3 }),
    saw(0.7, { node: "n2", role: "candidate", term: 4 }),
    ...followers(0.71, 4, "n2", ["n1", "n2", "n4", "n5"]),
    saw(0.81, { node: "n3", role: "follower", term: 4, leader: "n2" }),
  ];
}

function faultEvents(endNs: number): Draft[] {
  return strikes.flatMap(({ from, to, fault, variant, nodes: targets, effective }, at) => {
    const base = { id: at + 1, variant, nodes: targets, effective };
    const inject: FaultRecord = {
      ...base,
      ...(fault === "partition" && { cut: edges(targets, variant === "one-way") }),
      action: "inject",
      startedNs: from * endNs,
      evidence: evidenceOf(fault, targets, effective),
    };
    const heal: FaultRecord = {
      ...base,
      action: "heal",
      startedNs: to * endNs - 12e6,
      effective: true,
      evidence: targets.map((node) => ({ subject: node, observation: "answered again after 12 ms", proves: true })),
    };
    const event = (share: number, value: FaultRecord): Draft => ({
      process: "nemesis",
      type: "info",
      f: fault,
      time: share * endNs,
      value,
    });
    return [event(from + 0.005, inject), event(to, heal)];
  });
}

function edges(targets: readonly string[], oneWay: boolean): [string, string][] {
  const others = nodes.filter((node) => !targets.includes(node));
  return targets.flatMap((target) =>
    others.flatMap((other): [string, string][] =>
      oneWay
        ? [[target, other]]
        : [
            [target, other],
            [other, target],
          ],
    ),
  );
}

function evidenceOf(fault: string, targets: readonly string[], effective: boolean): Evidence[] {
  if (fault === "kill") return targets.map((subject) => ({ subject, observation: "pid 4711 is gone", proves: true }));
  if (fault === "pause") {
    return targets.map((subject, at) => ({ subject, observation: `pid ${4720 + at} in state T`, proves: true }));
  }
  return edges(targets, !effective).map(([from, to], at) => ({
    subject: `${from}->${to}`,
    observation: effective ? `probe refused after 150 ms; ${37 + at} packets dropped` : "probe answered after 2 ms",
    proves: effective,
  }));
}

function phaseEvents(endNs: number): Draft[] {
  const phases = [
    [0, "start"],
    [0.005, "load"],
    [0.9, "heal"],
    [0.93, "final-reads"],
    [1, "end"],
  ] as const;
  return phases.map(([share, phase]) => ({
    process: "controller",
    type: "info",
    f: "phase",
    time: share * endNs,
    value: { phase },
  }));
}

type Step = Pick<OperationView, "process" | "f" | "value" | "outcome"> & {
  readonly from: number;
  readonly to?: number;
  readonly node: string;
};

/** Operations of a story on a key of their own, as history events and as a violation. */
function tell(
  key: string,
  steps: readonly Step[],
  explain: (indexes: readonly number[]) => Pick<Violation, "kind" | "sentence" | "orders" | "staleness">,
) {
  const events = steps.flatMap(({ process, f, value, outcome, from, to, node }): Draft[] => [
    { process, f, key, type: "invoke", time: from, value: f === "read" ? null : value },
    {
      process,
      f,
      key,
      type: outcome,
      time: to ?? from + 1e9,
      value,
      node,
      ...(outcome === "info" && { error: "timeout" }),
    },
  ]);
  const violation = (history: readonly HistoryEvent[]): Violation => {
    const operations = steps.map(({ from, to, ...rest }): OperationView => {
      const index = history.find((event) => event.process === rest.process && event.time === from)!.index;
      return { index, key, ...rest, invokedAtNs: from, ...(to !== undefined && { completedAtNs: to }) };
    });
    return { key, operations, ...explain(operations.map((operation) => operation.index)) };
  };
  return { events, violation };
}

/** A deposed leader, cut off, answers a read with what it last knew: 9041, though 9044 was written meanwhile. */
function staleRead(endNs: number) {
  const at = (share: number) => Math.round(share * endNs);
  const steps: Step[] = [
    { process: 900, f: "write", value: 9041, outcome: "ok", from: at(0.195), to: at(0.195) + 4e6, node: "n1" },
    { process: 903, f: "cas", value: [9041, 9044], outcome: "ok", from: at(0.24), to: at(0.24) + 61e6, node: "n3" },
    { process: 907, f: "read", value: 9041, outcome: "ok", from: at(0.262), to: at(0.262) + 3e6, node: "n1" },
  ];
  const late = Math.round((at(0.022) - 61e6) / 1e6);
  return tell("k9", steps, ([write, cas, read]) => ({
    kind: "stale-read",
    sentence:
      `n1 answered process 907's read of k9 with 9041 at ${seconds(at(0.262))} s, although process 903 had ` +
      `replaced it by 9044 on n3 at ${seconds(at(0.24) + 61e6)} s, ${late} ms before the read began.`,
    orders: [
      { before: write!, after: cas!, why: "the compare-and-set replaced 9041, so that was written before" },
      { before: cas!, after: read!, why: "the compare-and-set had completed before the read was invoked" },
      { before: read!, after: cas!, why: "the read returned 9041, which the compare-and-set overwrote" },
    ],
    staleness: { versions: 1, milliseconds: late },
  }));
}

/** Two readers see two concurrent writes, one of unknown outcome, in both orders; all within some milliseconds. */
function disagreement(endNs: number) {
  const at = (ms: number) => Math.round(0.43 * endNs) + ms * 1e6;
  const steps: Step[] = [
    { process: 910, f: "write", value: 9101, outcome: "info", from: at(0), node: "n4" },
    { process: 911, f: "write", value: 9102, outcome: "ok", from: at(2), to: at(16), node: "n3" },
    { process: 912, f: "read", value: 9101, outcome: "ok", from: at(5), to: at(9), node: "n3" },
    { process: 912, f: "read", value: 9102, outcome: "ok", from: at(10), to: at(13), node: "n3" },
    { process: 914, f: "read", value: 9102, outcome: "ok", from: at(4), to: at(8), node: "n1" },
    { process: 914, f: "read", value: 9101, outcome: "ok", from: at(11), to: at(15), node: "n1" },
  ];
  return tell("k10", steps, ([first, second, a1, a2, b1, b2]) => ({
    kind: "reads-disagree",
    sentence: `Process 912 saw 9101 and then 9102 on k10, process 914 saw 9102 and then 9101, from ${seconds(at(4))} s on.`,
    orders: [
      { before: a1!, after: a2!, why: "process 912 had its first answer before it asked again" },
      { before: b1!, after: b2!, why: "process 914 had its first answer before it asked again" },
      { before: first!, after: a1!, why: "the read returned 9101" },
      { before: second!, after: b1!, why: "the read returned 9102" },
    ],
  }));
}

function seconds(ns: number): string {
  return (ns / 1e9).toFixed(3);
}

function testRecord(seed: number, timeLimitSeconds: number, rate: number): TestRecord {
  return {
    keelhaul: "0.1.0",
    name: "register",
    startedAt: "2026-01-02T03:04:05.000Z",
    seed,
    command: `keelhaul test --nodes 5 --workload register --nemesis partition,pause,kill --read-mode leader --rate ${rate} --time-limit ${timeLimitSeconds}s --seed ${seed}`,
    system: "raft",
    readMode: "leader",
    knobs: { electionTimeoutMs: 500, heartbeatMs: 100, checkQuorum: false, preVote: true },
    electionTimeoutMs: 1000,
    backend: "local",
    nodes,
    workloads: ["register"],
    timeLimitMs: timeLimitSeconds * 1000,
    rate,
    concurrency,
    faults: [
      { name: "partition", label: "network cut", color: "#E9C46A" },
      { name: "pause", label: "paused", color: "#8AB6D6" },
      { name: "kill", label: "killed", color: "#C98BB9" },
    ],
    versions: { node: "24.11.0", platform: "linux x64" },
  };
}

function resultsOf(history: readonly HistoryEvent[], violations: readonly Violation[], endNs: number): Results {
  const count = (type: string) => history.filter((e) => typeof e.process === "number" && e.type === type).length;
  const operations = { ok: count("ok"), fail: count("fail"), info: count("info") };
  const verdict = violations.length > 0 ? "invalid" : "valid";
  const summary =
    violations[0] !== undefined
      ? "Not linearizable: a read on k9 returned a value that had been overwritten before it began."
      : `Linearizable: all ${operations.ok + operations.fail + operations.info} operations on 5 keys fit one order, with 3 of 4 faults effective.`;
  const latencyMs = { p50: 3.2, p95: 7.1, p99: 24.4, max: 63.2 };
  const share = (part: number) => ({
    ok: Math.round(operations.ok * part),
    fail: Math.round(operations.fail * part),
    info: Math.round(operations.info * part),
  });
  const byError: Record<string, number> = {};
  for (const { error } of history) if (error) byError[error] = (byError[error] ?? 0) + 1;
  const register = {
    verdict,
    summary: verdict === "valid" ? "every key is linearizable" : "2 of 7 keys are not linearizable",
    violations,
    violationCount: violations.length,
  } as const;
  const checkers = {
    register,
    statistics: {
      verdict: "valid",
      summary: `${operations.ok} operations were answered`,
      total: operations,
      byFunction: {
        read: { ...share(0.5), latencyMs },
        write: { ...share(0.25), latencyMs },
        cas: { ...share(0.25), latencyMs },
      },
      byError,
      perSecond: operations.ok / (endNs / 1e9),
    },
    availability: {
      verdict: "valid",
      summary: "the cluster recovered after every fault",
      windows: windowsOf(endNs),
      outsideFaults: { answered: 3610, total: 3641 },
      duringFaults: { answered: 1502, total: 1871 },
      elections: 3,
    },
    memory: {
      verdict: "unknown",
      summary: "the general search gave up",
      cause: { code: "budget", reached: "2 of 5 keys", remedy: "give it more time: --checker-time 120s" },
    },
  } as const;
  return {
    verdict,
    summary,
    checkers,
    operations,
    faults: { injected: strikes.length, effective: strikes.filter((strike) => strike.effective).length },
    warnings: ["The one-way partition of n5 had no effect: probes were answered all the while."],
  };
}

function windowsOf(endNs: number): FaultWindow[] {
  return strikes.map(({ from, to, fault, variant, nodes: targets, effective }, at) => ({
    id: at + 1,
    fault,
    variant,
    nodes: targets,
    fromNs: from * endNs,
    toNs: to * endNs,
    effective,
    recoveryMs: at === 3 ? null : 41 + at * 117,
    answered: 210 + at * 12,
    total: 260 + at * 31,
  }));
}
