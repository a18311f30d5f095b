import fc from "fast-check";
import type { KvCommand, LogCommand } from "./commands.ts";
import { shardOf } from "./sharded-map.ts";

/** Few keys, so that commands meet, and most in one shard, so that their order matters. */
export const keys = ["__proto__", ...keysOfOneShard(4)];

function keysOfOneShard(count: number): string[] {
  const candidates = Array.from({ length: 1000 }, (_, i) => `k${i}`);
  return candidates.filter((key) => shardOf(key) === shardOf("k0")).slice(0, count);
}

/** Random commands on these keys. */
const key = fc.constantFrom(...keys);
const value = fc.oneof(fc.nat(2), fc.constant(null), fc.constant([1]));

export const kvCommand: fc.Arbitrary<KvCommand> = fc.oneof(
  fc.record({ type: fc.constant("put" as const), key, value }),
  fc.record({ type: fc.constant("cas" as const), key, expected: value, value }),
  fc.record({ type: fc.constant("delete" as const), key }),
  fc.record({ type: fc.constant("append" as const), key, element: value }),
  fc.record({ type: fc.constant("incr" as const), key, by: fc.nat(2) }),
);

const id = fc.integer({ min: 1, max: 4 });
export const logCommand: fc.Arbitrary<LogCommand> = fc.oneof(
  { weight: 4, arbitrary: kvCommand },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("once" as const), session: id, sequence: id, command: kvCommand }),
  },
  fc.constant({ type: "open-session" as const }),
);
