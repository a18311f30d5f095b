import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

const keys = Array.from({ length: 16 }, (_, number) => `p${number}`);

/**
 * Steady probes, a read and a write in turn by each client: what part is answered while faults last, and how soon
 * after them all goes through again. Values are unique, so that the answers are judged too.
 */
export const availability: Workload = {
  name: "availability",
  description: "steady probes: how much is answered during faults, and how soon after them",
  operations: ["read", "write"],
  checkers: ["availability", "register", "statistics"],
  generator: availabilityGenerator,
  finalReads: () => keys.map((key) => ({ f: "read", key, value: null })),
};

function availabilityGenerator({ concurrency }: LoadContext): Generator {
  const probes = new Map<number, number>();
  let lastValue = 0;
  return fromFunction({
    next: (process) => {
      const client = process % concurrency;
      const probe = probes.get(client) ?? 0;
      probes.set(client, probe + 1);
      const key = keys[(client + probe) % keys.length]!;
      if (onlyReads(process, concurrency) || probe % 2 === 0) return { f: "read", key, value: null };
      lastValue += 1;
      return { f: "write", key, value: lastValue };
    },
  });
}
