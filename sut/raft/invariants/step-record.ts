import type { LogEntry, LogPlace, LogRange, StepEffect, StepEvent, StepMessage } from "../../../history/steps.ts";
import type { Effect, Event } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Entry, LogPosition } from "../core/types.ts";

/** What of an event of the core's a record keeps. */
export function eventRecord(event: Event): StepEvent {
  switch (event.type) {
    case "tick":
    case "reconfigure":
    case "transfer":
      return { type: event.type };
    case "receive":
      return { type: "receive", from: event.from, message: messageRecord(event.message) };
    case "propose":
      return { type: "propose", commands: event.proposals.length };
    case "read":
      return { type: "read", reads: event.refs.length, mode: event.mode };
    case "persisted":
      return { type: "persisted", write: event.io };
    case "applied":
      return { type: "applied", index: event.index };
    case "snapshot-made":
      return { type: "snapshot-made", index: event.snapshot.index };
    case "snapshot-sent":
    case "snapshot-failed":
      return { type: event.type, to: event.to, index: event.index };
  }
}

/** What of an effect of the core's a record keeps. */
export function effectRecord(effect: Effect): StepEffect {
  switch (effect.type) {
    case "persist":
      return persistRecord(effect);
    case "send": {
      const { to, message, after } = effect;
      return { type: "send", to, message: messageRecord(message), ...(after === undefined ? {} : { after }) };
    }
    case "apply":
      return { type: "apply", entries: rangeOf(effect.entries.map(({ entry }) => entry)) };
    case "role":
      return { type: "role", role: effect.role, term: effect.term, reason: effect.reason };
    case "serve-read":
      return { type: "serve-read", reads: effect.refs.length };
    case "reply":
      return { type: "reply", requests: effect.refs.length, outcome: effect.outcome.type };
    case "restore":
      return { type: "restore", index: effect.snapshot.index };
    case "compact":
      return { type: "compact", index: effect.through };
    case "send-snapshot":
      return { type: "send-snapshot", to: effect.to, index: effect.snapshot.index };
    case "change-answer":
    case "transfer-ended":
      return { type: effect.type, outcome: effect.outcome.type };
    case "follower-lost-entries":
      return { type: "follower-lost-entries", follower: effect.follower, index: effect.refusedIndex };
  }
}

function persistRecord({ io, hard, base, truncateFrom, append }: Extract<Effect, { type: "persist" }>): StepEffect {
  return {
    type: "persist",
    write: io,
    ...(hard && { term: hard.term, votedFor: hard.votedFor }),
    ...(base && { base: placeOf(base) }),
    ...(truncateFrom !== undefined && { truncateFrom }),
    ...(append && { append: rangeOf(append) }),
  };
}

function messageRecord(message: Message): StepMessage {
  const { type, term } = message;
  switch (message.type) {
    case "append-entries": {
      const { prev, entries, leaderCommit } = message;
      return { type, term, prev: placeOf(prev), entries: entries.length, commitIndex: leaderCommit };
    }
    case "append-accepted":
      return { type, term, matchIndex: message.matchIndex };
    case "append-rejected":
      return { type, term, rejectedPrev: message.rejectedPrev, hint: placeOf(message.hint) };
    case "request-vote":
    case "pre-vote":
      return { type, term, lastLog: placeOf(message.lastLog) };
    case "request-vote-reply":
    case "pre-vote-reply":
      return { type, term, granted: message.granted };
    case "install-snapshot":
      return { type, term, snapshot: placeOf(message.snapshot) };
    default:
      return { type, term };
  }
}

function rangeOf(entries: readonly Entry[]): LogRange {
  const [first] = entries;
  const last = entries.at(-1);
  return first === undefined || last === undefined ? null : { first: entryOf(first), last: entryOf(last) };
}

function entryOf({ index, term, kind }: Entry): LogEntry {
  return { index, term, kind };
}

function placeOf({ index, term }: LogPosition): LogPlace {
  return { index, term };
}
