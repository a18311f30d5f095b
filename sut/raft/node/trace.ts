import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../time/clock.ts";
import type { Effect, Event } from "../core/events.ts";
import type { RaftState } from "../core/state.ts";
import type { step } from "../core/step.ts";
import type { Entry } from "../core/types.ts";
import type { NodeWatch } from "./assemble.ts";

/** Takes one line of the trace, with its newline. */
export type TraceSink = (line: string) => void;

/** The file of the trace, in the node's data directory; a restart goes on at its end. */
export const traceFile = "trace.jsonl";

/** Writes before anything that the line tells of is done, so that nothing done is missing after a `kill -9`. */
export function openTrace(dataDir: string): TraceSink {
  const file = openSync(join(dataDir, traceFile), "a");
  return (line) => void writeSync(file, line);
}

/**
 * Writes one JSON line for every call of the core's `step` that changed something or did something, and for every write
 * that became durable. The first line tells what the node starts with; the sink is opened for it. The format is described in
 * docs/trace.md.
 */
export function openNodeTrace(open: () => TraceSink, nowNs: Clock["nowNs"]): NodeWatch {
  let write: TraceSink = () => undefined;
  let node = "";
  let seq = 0;
  const line = (t: number, ev: string, details: object) => {
    write(`${JSON.stringify({ t, node, seq: seq++, ev, ...details })}\n`);
  };
  return {
    watched: (inner, state) => {
      write = open();
      node = state.config.id;
      line(nowNs(), "start", { ...view(state), on: beginning(state) });
      return tracedStep(inner, nowNs, line);
    },
    durable: (io) => line(nowNs(), "durable", { on: { io } }),
  };
}

function tracedStep(
  inner: typeof step,
  nowNs: Clock["nowNs"],
  line: (t: number, ev: string, details: object) => void,
): typeof step {
  return (state, event, rules, random) => {
    const before = fingerprint(state);
    const beganNs = nowNs();
    // A read has to see what was committed before it; all else has happened when it is told.
    const time = () => (event.type === "read" ? beganNs : nowNs());
    try {
      const effects = inner(state, event, rules, random);
      if (effects.length > 0 || event.type === "read" || fingerprint(state) !== before)
        line(time(), event.type, { ...view(state), ...cause(event), out: told(effects) });
      return effects;
    } catch (bug) {
      line(time(), event.type, { ...view(state), ...cause(event), bug: (bug as Error).message });
      throw bug;
    }
  };
}

/** What the disk remembered, and whom the node takes for members without it. */
function beginning(state: RaftState): object {
  const { config, log, snapshot } = state;
  return { bootstrap: config.bootstrap, snapshot, base: log.base, terms: termsOf(state) };
}

/** A node's state as each line shows it, after what the line tells of. */
function view({ term, role, votedFor, leader, log, disk, commitIndex, lastApplied, leadership }: RaftState) {
  const { incoming: voters, outgoing, learners, learnersNext, autoLeave } = log.membership;
  return {
    ...{ term, state: role, vote: votedFor, leader },
    log: {
      first: log.base.index + 1,
      last: log.lastIndex,
      lastTerm: log.last.term,
      durable: disk.durableIndex,
      commit: commitIndex,
      applied: lastApplied,
    },
    conf: { voters, outgoing, learners, learnersNext, autoLeave },
    ...(leadership === null
      ? {}
      : { match: Object.fromEntries([...leadership.progress].map(([peer, { matchIndex }]) => [peer, matchIndex])) }),
  };
}

/** Differs when anything of the view does that may change without an effect. */
function fingerprint(state: RaftState): string {
  const { term, role, votedFor, leader, log, disk, commitIndex, lastApplied, leadership } = state;
  const matches = leadership === null ? "" : [...leadership.progress.values()].map(({ matchIndex }) => matchIndex);
  return [
    term,
    role,
    votedFor,
    leader,
    log.base.index,
    log.lastIndex,
    disk.durableIndex,
    commitIndex,
    lastApplied,
    matches,
  ].join();
}

/** The terms of the entries that the log has, as `[first index, last index, term]`, in order. */
function termsOf({ log }: RaftState): readonly (readonly [number, number, number])[] {
  const runs: [number, number, number][] = [];
  for (let index = log.base.index + 1; index <= log.lastIndex; index++) {
    const term = log.termAt(index);
    const run = runs.at(-1);
    if (run?.[2] === term) run[1] = index;
    else runs.push([index, index, term]);
  }
  return runs;
}

function cause(event: Event): object {
  if (event.type === "receive") return { from: event.from, msg: brief(event.message) };
  const { type: _type, now: _now, ...on } = event;
  return Object.keys(on).length === 0 ? {} : { on: brief(on) };
}

function told(effects: readonly Effect[]): unknown {
  return brief(effects.map(({ type, ...details }) => ({ do: type, ...details })));
}

/** Entries by what identifies them, and bytes by their number; all else as it is. */
function brief(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: value.length };
  if (Array.isArray(value)) return value.map(brief);
  if (value === null || typeof value !== "object") return value;
  if ("entry" in value && "refs" in value) return [...identity(value.entry as Entry), value.refs];
  if ("kind" in value && "index" in value) return identity(value as Entry);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, brief(inner)]));
}

function identity({ index, term, kind, membership }: Entry): readonly unknown[] {
  return membership === undefined ? [index, term, kind] : [index, term, kind, membership];
}
