import { plural } from "../../../analysis/words.ts";
import type { LogPlace, LogRange, StepEffect, StepEvent, StepMessage } from "../../../history/steps.ts";

/** What happened at a node: "receives from n1 append-entries of term 3: …". */
export function eventWords(event: StepEvent): string {
  switch (event.type) {
    case "start":
      return "starts";
    case "crash":
      return "crashes";
    case "tick":
      return "reads its clock";
    case "receive":
      return `receives from ${event.from} ${messageWords(event.message)}`;
    case "propose":
      return `receives ${plural(event.commands, "command")} from clients`;
    case "read":
      return `receives ${plural(event.reads, "read")} from clients (${event.mode})`;
    case "persisted":
      return `learns that write ${event.write} is durable`;
    case "durable":
      return `has write ${event.write} on its disk`;
    case "applied":
      return `has applied up to ${event.index}`;
    case "snapshot-made":
      return `has a durable snapshot up to ${event.index}`;
    case "snapshot-taken":
      return `takes a snapshot up to ${event.index}`;
    case "snapshot-restored":
      return `restores a snapshot up to ${event.index}`;
    case "snapshot-sent":
      return `has sent ${event.to} a snapshot up to ${event.index}`;
    case "snapshot-failed":
      return `could not send ${event.to} a snapshot up to ${event.index}`;
    case "reconfigure":
      return "receives a change of members";
    case "transfer":
      return "receives a transfer of leadership";
    default:
      return nameOf(event);
  }
}

/** What a node did in a step: a change of role first, and once what it sent to several nodes or did several times. */
export function effectsWords(effects: readonly StepEffect[]): string[] {
  const alike = Map.groupBy(effects, (effect) => JSON.stringify({ ...effect, ...("to" in effect && { to: null }) }));
  const groups = [...alike.values()];
  const isRole = ([first]: readonly StepEffect[]) => first?.type === "role";
  return [...groups.filter(isRole), ...groups.filter((group) => !isRole(group))].map(togetherWords);
}

function togetherWords(same: readonly StepEffect[]): string {
  const [first] = same as [StepEffect];
  if ("to" in first)
    return effectWords({ ...first, to: same.flatMap((one) => ("to" in one ? one.to : [])).join(", ") });
  return same.length > 1 ? `${same.length} × ${effectWords(first)}` : effectWords(first);
}

function effectWords(effect: StepEffect): string {
  switch (effect.type) {
    case "persist":
      return `writes ${persistWords(effect)}`;
    case "send": {
      const { to, message, after } = effect;
      return `sends to ${to} ${messageWords(message)}${after === undefined ? "" : ` after write ${after}`}`;
    }
    case "apply":
      return `applies ${rangeWords(effect.entries)}`;
    case "role":
      return `is ${effect.role} of term ${effect.term} (${effect.reason})`;
    case "serve-read":
      return `answers ${plural(effect.reads, "read")}`;
    case "reply":
      return `answers ${plural(effect.requests, "request")} with ${effect.outcome}`;
    case "restore":
      return `restores a snapshot up to ${effect.index}`;
    case "compact":
      return `drops its log up to ${effect.index}`;
    case "send-snapshot":
      return `sends to ${effect.to} a snapshot up to ${effect.index}`;
    case "change-answer":
      return `answers the change of members: ${effect.outcome}`;
    case "transfer-ended":
      return `answers the transfer of leadership: ${effect.outcome}`;
    case "follower-lost-entries":
      return `finds that ${effect.follower} lost entry ${effect.index}, which it had acknowledged`;
    default:
      return nameOf(effect);
  }
}

function persistWords(effect: Extract<StepEffect, { type: "persist" }>): string {
  const { write, term, votedFor, base, truncateFrom, append } = effect;
  const parts = [
    ...(term === undefined ? [] : [`term ${term}, vote ${votedFor ?? "none"}`]),
    ...(base === undefined ? [] : [`a new log after ${placeWords(base)}`]),
    ...(truncateFrom === undefined ? [] : [`from ${truncateFrom} on`]),
    ...(append === undefined ? [] : [rangeWords(append)]),
  ];
  return `${write}: ${parts.join(", ")}`;
}

function messageWords({ type, term, ...fields }: StepMessage): string {
  const { prev, entries, commitIndex, matchIndex, rejectedPrev, hint, lastLog, granted, snapshot } = fields;
  const parts = [
    ...(entries === undefined ? [] : [plural(entries, "entry", "entries")]),
    ...(prev === undefined ? [] : [`after ${placeWords(prev)}`]),
    ...(commitIndex === undefined ? [] : [`commit ${commitIndex}`]),
    ...(matchIndex === undefined ? [] : [`match ${matchIndex}`]),
    ...(rejectedPrev === undefined ? [] : [`not after ${rejectedPrev}`]),
    ...(hint === undefined ? [] : [`perhaps after ${placeWords(hint)}`]),
    ...(lastLog === undefined ? [] : [`log ${placeWords(lastLog)}`]),
    ...(granted === undefined ? [] : [granted ? "yes" : "no"]),
    ...(snapshot === undefined ? [] : [`up to ${placeWords(snapshot)}`]),
  ];
  return `${type} of term ${term}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

function rangeWords(range: LogRange): string {
  if (range === null) return "nothing";
  const { first, last } = range;
  const words = ({ kind, ...place }: typeof first) => `${placeWords(place)} ${kind}`;
  return first.index === last.index ? words(first) : `${words(first)} to ${words(last)}`;
}

function placeWords({ index, term }: LogPlace): string {
  return `${index}@${term}`;
}

/** A step of a newer release, or of another store, by its own name. */
function nameOf({ type }: { readonly type: string }): string {
  return type;
}
