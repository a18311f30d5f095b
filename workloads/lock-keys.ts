import type { HistoryEvent, Operation } from "../history/event.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { RotatingKeys, type Rotation } from "./rotating-keys.ts";

/** A lock that a process holds, and how many times. */
interface Holding {
  readonly key: string;
  readonly holds: number;
}

export interface LockLoad extends Omit<Rotation, "active"> {
  /** Whether a process that holds a lock so many times acquires it again, and does not release it. */
  readonly acquiresAgain?: (holds: number) => boolean;
}

/**
 * Every process acquires a lock, and releases it as often. A lock whose state became uncertain is left for a new one: it
 * may be held for ever by somebody who does not know it. So is one whose release is refused: another try would be, too.
 */
export function lockLoad({ acquiresAgain = () => false, ...rotation }: LockLoad): Generator {
  const keys = new RotatingKeys({ ...rotation, active: 3 });
  const held = new Map<number, Holding>();
  return fromFunction({
    next: (process): Operation => {
      const holding = held.get(process);
      if (holding === undefined) return { f: "acquire", key: keys.use(), value: process };
      return { f: acquiresAgain(holding.holds) ? "acquire" : "release", key: holding.key, value: process };
    },
    hear: ({ process, type, f, key }: HistoryEvent) => {
      if (typeof process !== "number" || key === undefined || type === "invoke") return;
      const holds = held.get(process)?.holds ?? 0;
      if (type === "info" || (type === "fail" && f === "release")) keys.retire(key);
      if (type === "info") held.delete(process);
      else if (type === "ok" && f === "acquire") held.set(process, { key, holds: holds + 1 });
      else if (f === "release" && (type === "fail" || holds <= 1)) held.delete(process);
      else if (f === "release") held.set(process, { key, holds: holds - 1 });
    },
  });
}
