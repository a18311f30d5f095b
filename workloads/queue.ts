import type { Completion, Operation } from "../history/event.ts";
import { givenUp, outcomeOf, untilUndisturbed } from "./attempts.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import type { LoadContext, Workload } from "./workload.ts";

const keys = ["q0", "q1", "q2", "q3"];
/** More out than in, so that queues stay short and are found empty now and then. */
const enqueueShare = 45;

/**
 * Queues kept as lists: put in by append, taken out by reading the list and replacing it by its rest if it is still
 * the same. At the end every queue is emptied.
 */
export const queue: Workload = {
  name: "queue",
  description: "items through queues: each comes out once, in order, and none is lost",
  operations: ["append", "read", "cas"],
  checkers: ["queue", "fifo", "statistics", "availability"],
  generator: queueGenerator,
  perform: (client, operation, timeoutMs, clock) => {
    if (operation.f === "enqueue") return client.invoke({ ...operation, f: "append" }, timeoutMs);
    return untilUndisturbed(client, timeoutMs, clock, async (attempt) => {
      const read = await attempt.call({ f: "read", key: operation.key!, value: null });
      if (read.type !== "ok") return givenUp(read);
      const held = (read.value ?? []) as readonly unknown[];
      const { taken, rest } = takeOut(operation, held);
      if (held.length === 0) return { ...read, value: taken } satisfies Completion;
      const change = await attempt.call({ f: "cas", key: operation.key!, value: [held, rest] });
      return outcomeOf(change, taken);
    });
  },
  finalReads: () => keys.map((key) => ({ f: "drain", key, value: null })),
};

function queueGenerator({ random }: LoadContext): Generator {
  let lastItem = 0;
  return fromFunction({
    next: () => {
      const key = random.pick(keys);
      if (random.integer(0, 99) >= enqueueShare) return { f: "dequeue", key, value: null };
      lastItem += 1;
      return { f: "enqueue", key, value: lastItem };
    },
  });
}

/** A dequeue takes the first item, or null when there is none; a drain takes all. */
function takeOut({ f }: Operation, held: readonly unknown[]): { taken: unknown; rest: readonly unknown[] } {
  if (f === "drain") return { taken: held, rest: [] };
  const [first = null, ...rest] = held;
  return { taken: first, rest };
}
