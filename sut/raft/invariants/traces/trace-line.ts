import type { Effect, Event } from "../../core/events.ts";
import type { Entry, Index, Membership, NodeId, Role, SnapshotMeta, Term } from "../../core/types.ts";
import type { NodeView, StartView } from "../node-view.ts";

/** A line of a node's trace, as docs/trace.md describes it, in the words of the core. */
export type TraceLine = { readonly t: number; readonly node: NodeId } & (
  | { readonly type: "start"; readonly view: NodeView; readonly start: StartView }
  | { readonly type: "durable"; readonly io: number }
  | { readonly type: "step"; readonly view: NodeView; readonly event: Event; readonly effects: readonly Effect[] }
  | { readonly type: "bug"; readonly statement: string }
);

/** A line that is none of a trace. */
export class TraceLineError extends Error {}

/** Throws TraceLineError. */
export function parseTraceLine(text: string): TraceLine {
  const raw = parsed(text);
  const { t, node, ev, on, out, bug } = raw;
  if (typeof t !== "number" || typeof node !== "string" || typeof ev !== "string") {
    throw new TraceLineError("it lacks the time, the node or the event");
  }
  const head = { t, node };
  if (bug !== undefined) return { ...head, type: "bug", statement: bug };
  if (ev === "durable") return { ...head, type: "durable", io: on?.io ?? 0 };
  const view = viewOf(raw);
  if (ev === "start") return { ...head, type: "start", view, start: startOf(raw) };
  return { ...head, type: "step", view, event: eventOf(raw), effects: (out ?? []).map(effectOf) };
}

/** The fields as they stand in the file. */
interface RawLine {
  readonly t: number;
  readonly node: NodeId;
  readonly ev: string;
  readonly term: Term;
  readonly state: Role;
  readonly vote: NodeId | null;
  readonly log: {
    readonly first: Index;
    readonly last: Index;
    readonly durable: Index;
    readonly commit: Index;
    readonly applied: Index;
  };
  readonly conf: Omit<Membership, "incoming"> & { readonly voters: readonly NodeId[] };
  readonly match?: Readonly<Record<NodeId, Index>>;
  readonly from?: NodeId;
  readonly msg?: object;
  readonly on?: RawCause;
  readonly out?: readonly RawEffect[];
  readonly bug?: string;
}

interface RawCause {
  readonly io?: number;
  readonly base?: { readonly index: Index; readonly term: Term };
  readonly bootstrap?: Membership;
  readonly snapshot?: SnapshotMeta | null;
  readonly terms?: readonly (readonly [first: Index, last: Index, term: Term])[];
}

/** `persist` appends entries; those of `apply` end with the requests that they answer. */
interface RawEffect {
  readonly do: string;
  readonly append?: readonly RawEntry[];
  readonly entries?: readonly RawEntry[];
}

type RawEntry = readonly [index: Index, term: Term, kind: Entry["kind"], ...rest: readonly unknown[]];

function parsed(text: string): RawLine {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as RawLine;
  } catch (cause) {
    throw new TraceLineError("it is no JSON", { cause });
  }
  throw new TraceLineError("it is no JSON object");
}

function viewOf({ node, term, state, vote, log, conf, match }: RawLine): NodeView {
  if (log === undefined || conf === undefined) throw new TraceLineError("it lacks the state of the node");
  const { voters, ...rest } = conf;
  return {
    ...{
      id: node,
      term,
      role: state,
      votedFor: vote,
      timerLeft: null,
      limits: null,
      uncommittedBytes: null,
      questions: null,
    },
    ...{ baseIndex: log.first - 1, lastIndex: log.last, durableIndex: log.durable },
    ...{ commitIndex: log.commit, lastApplied: log.applied },
    membership: { incoming: voters, ...rest },
    matchOf: (peer) => match?.[peer] ?? null,
    inFlightTo: () => [],
    snapshotsOnTheirWay: () => [],
  };
}

function startOf({ on }: RawLine): StartView {
  if (on?.terms === undefined || on.base === undefined || on.bootstrap === undefined) {
    throw new TraceLineError("it does not tell what the node starts with");
  }
  const { terms, base, bootstrap, snapshot = null } = on;
  return { bootstrap, snapshot, base, entries: positionsOf(terms) };
}

function* positionsOf(terms: NonNullable<RawCause["terms"]>): Generator<{ index: Index; term: Term; entry: null }> {
  for (const [first, last, term] of terms) {
    for (let index = first; index <= last; index++) yield { index, term, entry: null };
  }
}

/** The time of the core's own clock is not told. */
function eventOf({ ev, from, msg, on }: RawLine): Event {
  const event = ev === "receive" ? { from, message: msg } : on;
  return { type: ev, now: 0, ...event } as Event;
}

function effectOf({ do: type, append, entries, ...effect }: RawEffect): Effect {
  return {
    type,
    ...effect,
    ...(append === undefined ? {} : { append: append.map((entry) => entryOf(entry, entry[3])) }),
    ...(entries === undefined
      ? {}
      : { entries: entries.map((entry) => ({ entry: entryOf(entry, entry.at(-2)), refs: entry.at(-1) })) }),
  } as Effect;
}

/** What follows the kind is the membership, of entries about it. */
function entryOf([index, term, kind]: RawEntry, membership: unknown): Entry {
  const entry = { index, term, kind, bytes: 0 };
  return kind === "config" ? { ...entry, membership: membership as Membership } : entry;
}
