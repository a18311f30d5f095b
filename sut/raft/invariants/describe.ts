import type { Effect, Event } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Entry } from "../core/types.ts";

/** An event and what was done for it, in one line. */
export function described(event: Event, effects: readonly Effect[]): string {
  const did = effects.map(effect).join("; ");
  return did === "" ? cause(event) : `${cause(event)} → ${did}`;
}

function cause(event: Event): string {
  switch (event.type) {
    case "receive":
      return `receives from ${event.from} ${message(event.message)}`;
    case "propose":
      return `is asked for ${event.proposals.length} commands`;
    case "read":
      return `is asked for ${event.refs.length} reads (${event.mode})`;
    case "persisted":
      return `hears that write ${event.io} is durable`;
    case "applied":
      return `has applied up to ${event.index}`;
    case "snapshot-made":
      return `has a snapshot up to ${event.snapshot.index}`;
    case "tick":
      return "reads its clock";
    default:
      return event.type;
  }
}

function effect(one: Effect): string {
  switch (one.type) {
    case "persist":
      return `writes ${persisted(one)}`;
    case "send":
      return `sends to ${one.to} ${message(one.message)}${one.after === undefined ? "" : ` after write ${one.after}`}`;
    case "apply":
      return `applies ${entries(one.entries.map(({ entry }) => entry))}`;
    case "role":
      return `is ${one.role} of term ${one.term} (${one.reason})`;
    case "serve-read":
      return `answers ${one.refs.length} reads`;
    case "reply":
      return `answers ${one.refs.length} requests with ${one.outcome.type}`;
    case "restore":
      return `restores a snapshot up to ${one.snapshot.index}`;
    default:
      return one.type;
  }
}

function persisted({ io, hard, base, truncateFrom, append }: Extract<Effect, { type: "persist" }>): string {
  const parts = [
    ...(hard === undefined ? [] : [`term ${hard.term}, vote ${hard.votedFor}`]),
    ...(base === undefined ? [] : [`a log behind ${base.index}@${base.term}`]),
    ...(truncateFrom === undefined ? [] : [`over ${truncateFrom}`]),
    ...(append === undefined ? [] : [entries(append)]),
  ];
  return `${io}: ${parts.join(", ")}`;
}

/** What matters of a message. Its entries may be told by place alone. */
function message(one: Message): string {
  const head = `${one.type} of term ${one.term}`;
  switch (one.type) {
    case "append-entries":
      return `${head}: behind ${one.prev.index}@${one.prev.term} ${one.entries.length} entries, commit ${one.leaderCommit}`;
    case "append-accepted":
      return `${head}: match ${one.matchIndex}`;
    case "append-rejected":
      return `${head}: not behind ${one.rejectedPrev}, perhaps ${one.hint.index}@${one.hint.term}`;
    case "request-vote":
    case "pre-vote":
      return `${head}: log ${one.lastLog.index}@${one.lastLog.term}`;
    case "request-vote-reply":
    case "pre-vote-reply":
      return `${head}: ${one.granted ? "yes" : "no"}`;
    case "install-snapshot":
      return `${head}: up to ${one.snapshot.index}@${one.snapshot.term}`;
    default:
      return head;
  }
}

function entries(list: readonly Entry[]): string {
  const [first] = list;
  const last = list.at(-1);
  if (first === undefined || last === undefined) return "nothing";
  const kind = (entry: Entry) => `${entry.index}@${entry.term} ${entry.kind}`;
  return first === last ? kind(first) : `${kind(first)} to ${kind(last)}`;
}
