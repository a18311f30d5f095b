import type { ObjectOperation } from "../operations.ts";
import type { Polled, Sent } from "./log-history.ts";
import type { Partition } from "./partitions.ts";

/** A message that took effect and that nobody polled, although a poll went past it. */
export interface Lost {
  readonly sent: Sent;
  /** The poll that went farthest, and what it got there; or one that asked for all from before the message on. */
  readonly past: Polled | ObjectOperation;
}

/**
 * Messages that nobody ever polled. Up to the highest offset that was polled, all messages have to be polled by
 * somebody, where consumers begin at the beginning. Behind that, a message is lost only if a poll that began after its
 * acknowledgement asked for all from an offset before it; of the others nothing is known. `effective`: the operations
 * that took effect.
 */
export function lostMessages(
  { sent, polled, tails }: Partition,
  effective: ReadonlySet<ObjectOperation>,
): { readonly lost: readonly Lost[]; readonly unseen: number } {
  const farthest = farthestOf(polled);
  const lost: Lost[] = [];
  let unseen = 0;
  for (const [name, sends] of sent) {
    if (polled.has(name)) continue;
    const message = sends.find(({ op }) => effective.has(op));
    if (message === undefined) continue;
    const { op, offset } = message;
    const tail = tails.find((poll) => offset !== null && poll.from <= offset && op.ret < poll.op.inv);
    if (farthest !== null && offset !== null && offset < farthest.offset!) lost.push({ sent: message, past: farthest });
    else if (tail !== undefined) lost.push({ sent: message, past: tail.op });
    else if (op.outcome === "ok") unseen++;
  }
  return { lost, unseen };
}

function farthestOf(polled: Partition["polled"]): Polled | null {
  let farthest: Polled | null = null;
  for (const messages of polled.values()) {
    for (const message of messages) {
      if (message.offset !== null && message.offset > (farthest?.offset ?? -1)) farthest = message;
    }
  }
  return farthest;
}
