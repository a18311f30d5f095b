import type { ObjectOperation } from "../operations.ts";
import type { LogOperation, Polled, Sent } from "./log-history.ts";

/** One log: what is known to be in it, and who said so. */
export interface Partition {
  readonly key: string;
  /** All sends to it, whatever became of them, by message. */
  readonly sent: ReadonlyMap<string, readonly Sent[]>;
  /** Of each message, the polls that were answered with it. */
  readonly polled: ReadonlyMap<string, readonly Polled[]>;
  /** What is at each offset, of messages that certainly are in the log, in the order of offsets. */
  readonly offsets: readonly Slot[];
  /** Polls that were asked for everything from some offset on, the last to begin first. */
  readonly tails: readonly TailPoll[];
}

export interface TailPoll {
  readonly op: ObjectOperation;
  readonly from: number;
}

export interface Slot {
  readonly offset: number;
  /** One if all is well. */
  readonly messages: readonly (Sent | Polled)[];
}

/**
 * Operations that certainly took effect: those that were acknowledged, and those of unknown outcome that sent a
 * message which was polled.
 */
export function inEffect(operations: readonly LogOperation[]): readonly LogOperation[] {
  const polled = new Set(operations.flatMap(messagesPolled).map(identity));
  return operations.filter(({ op, sent }) => {
    return op.outcome === "ok" || (op.outcome === "info" && sent.some((message) => polled.has(identity(message))));
  });
}

export function messagesPolled({ polls }: LogOperation): readonly Polled[] {
  return polls.flatMap((batches) => batches.flatMap(({ messages }) => messages));
}

/** A text that is the same for one message of one log. */
export function identity({ key, name }: Sent | Polled): string {
  return JSON.stringify([key, name]);
}

/** The logs of a history, in the order of their first use. `effective`: those of the operations that took effect. */
export function partitionsOf(
  operations: readonly LogOperation[],
  effective: readonly LogOperation[],
): readonly Partition[] {
  const sentTo = new Map<string, Map<string, Sent[]>>();
  const polledFrom = new Map<string, Map<string, Polled[]>>();
  for (const operation of operations) {
    for (const message of operation.sent) note(sentTo, message);
    for (const message of messagesPolled(operation)) note(polledFrom, message);
  }
  const placed = new Map<string, (Sent | Polled)[]>();
  const place = (message: Sent | Polled): void => {
    const known = placed.get(message.key) ?? [];
    placed.set(message.key, known);
    if (message.offset !== null) known.push(message);
  };
  for (const operation of operations) for (const message of messagesPolled(operation)) place(message);
  for (const { sent } of effective) for (const message of sent) place(message);
  const tails = tailPolls(operations);
  const keys = [...new Set([...sentTo.keys(), ...polledFrom.keys()])];
  return keys.map((key) => ({
    key,
    sent: sentTo.get(key) ?? new Map(),
    polled: polledFrom.get(key) ?? new Map(),
    offsets: slotsOf(placed.get(key) ?? []),
    tails: tails.get(key) ?? [],
  }));
}

function tailPolls(operations: readonly LogOperation[]): ReadonlyMap<string, readonly TailPoll[]> {
  const polls = operations.flatMap(({ op, polls }) =>
    op.outcome === "ok"
      ? polls.flat().flatMap(({ key, from }) => (from === null ? [] : [{ key, poll: { op, from } }]))
      : [],
  );
  const byKey = Map.groupBy(polls.reverse(), ({ key }) => key);
  return new Map([...byKey].map(([key, all]) => [key, all.map(({ poll }) => poll)]));
}

function note<Message extends Sent | Polled>(into: Map<string, Map<string, Message[]>>, message: Message): void {
  const ofKey = into.get(message.key) ?? new Map<string, Message[]>();
  into.set(message.key, ofKey);
  const known = ofKey.get(message.name);
  if (known === undefined) ofKey.set(message.name, [message]);
  else known.push(message);
}

/** The first that said so stands for each message at an offset. */
function slotsOf(messages: readonly (Sent | Polled)[]): Slot[] {
  const byOffset = new Map<number, Map<string, Sent | Polled>>();
  for (const message of messages) {
    const at = byOffset.get(message.offset!) ?? new Map<string, Sent | Polled>();
    byOffset.set(message.offset!, at);
    if (!at.has(message.name)) at.set(message.name, message);
  }
  const slots = [...byOffset].map(([offset, at]) => ({ offset, messages: [...at.values()] }));
  return slots.sort((a, b) => a.offset - b.offset);
}

/** What is between two offsets of a log. */
export function slotsBetween({ offsets }: Partition, after: number, before: number): readonly Slot[] {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle]!.offset <= after) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < offsets.length && offsets[end]!.offset < before) end++;
  return offsets.slice(low, end);
}
