import type { Batch, LogOperation, Polled, Sent } from "./log-history.ts";

/** Two messages that one process polled, or sent, one directly after the other. */
export interface Succession<Message extends Sent | Polled> {
  readonly earlier: Message & { readonly offset: number };
  readonly later: Message & { readonly offset: number };
}

/**
 * What each process polled of a log one after the other. An `assign` keeps the places in the logs that it names. Where
 * a process subscribed, logs may be given to it and taken from it at any time: only the messages of one poll are in turn.
 */
export function polledInTurn(operations: readonly LogOperation[]): Succession<Polled>[] {
  return ofProcesses(operations, (found, ofProcess) => {
    let places = new Map<string, Polled>();
    let isSubscribed = false;
    for (const { op, polls, assigned } of ofProcess) {
      if (assigned !== null && op.outcome !== "fail") {
        isSubscribed = op.f === "subscribe";
        places = isSubscribed ? new Map() : new Map([...places].filter(([key]) => assigned.includes(key)));
      }
      if (op.outcome !== "ok") continue;
      for (const batch of polls.flat()) {
        pairsOf(found, isSubscribed ? undefined : placeBefore(batch, places), batch.messages);
        const last = batch.messages.at(-1);
        if (last !== undefined) places.set(batch.key, last);
      }
    }
  });
}

/** A poll that says where it begins continues the one before only if it begins where that one ended. */
function placeBefore({ key, from }: Batch, places: ReadonlyMap<string, Polled>): Polled | undefined {
  const place = places.get(key);
  return from === null || place?.offset === from - 1 ? place : undefined;
}

/** What each process sent to a log one after the other, as far as it was acknowledged. */
export function sentInTurn(operations: readonly LogOperation[]): Succession<Sent>[] {
  return ofProcesses(operations, (found, ofProcess) => {
    const last = new Map<string, Sent>();
    for (const { op, sent } of ofProcess) {
      if (op.outcome !== "ok") continue;
      for (const message of sent) {
        pairsOf(found, last.get(message.key), [message]);
        if (message.offset !== null) last.set(message.key, message);
      }
    }
  });
}

function ofProcesses<Message extends Sent | Polled>(
  operations: readonly LogOperation[],
  collect: (found: Succession<Message>[], ofProcess: readonly LogOperation[]) => void,
): Succession<Message>[] {
  const found: Succession<Message>[] = [];
  for (const ofProcess of Map.groupBy(operations, ({ op }) => op.process).values()) collect(found, ofProcess);
  return found;
}

function pairsOf<Message extends Sent | Polled>(
  found: Succession<Message>[],
  before: Message | undefined,
  messages: readonly Message[],
): void {
  let earlier = before;
  for (const later of messages) {
    if (earlier !== undefined && isPlaced(earlier) && isPlaced(later)) found.push({ earlier, later });
    earlier = later;
  }
}

function isPlaced<Message extends Sent | Polled>(message: Message): message is Message & { readonly offset: number } {
  return message.offset !== null;
}
