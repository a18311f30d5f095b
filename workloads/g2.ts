import type { Operation } from "../history/event.ts";
import type { MicroOp } from "../sut/system.ts";
import { Attempt, givenUp, outcomeOf, refused } from "./attempts.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import type { LoadContext, Workload } from "./workload.ts";

/** A row for one of two tables: an id of the first, or of the second. */
type Row = readonly [a: number, b: null] | readonly [a: null, b: number];

/** How many keys wait for their second insert at a time: the two are to meet. */
const openKeys = 2;

/**
 * Adya's G2: two transactions each look for a row in two tables, and insert one in either if there is none. Only one of
 * them may succeed.
 */
export const g2: Workload = {
  name: "g2",
  description: "two inserts that each need the other's row to be absent: only one succeeds",
  operations: ["txn"],
  checkers: ["g2", "statistics", "availability"],
  generator: g2Generator,
  perform: async (client, { key, value }, timeoutMs, clock) => {
    const attempt = new Attempt(client, timeoutMs, clock);
    const tables = [`a.${key}`, `b.${key}`];
    const read = await attempt.call({ f: "txn", value: tables.map((table): MicroOp => ["r", table, null]) });
    if (read.type !== "ok") return givenUp(read);
    const rows = (read.value as readonly MicroOp[]).filter(([, , row]) => row !== null);
    if (rows.length > 0) return refused("cas-mismatch", read.node);
    const inserts = tables.map((table, at): MicroOp => ["cas", table, [null, (value as Row)[at] ?? null]]);
    const inserted = await attempt.call({ f: "txn", value: inserts });
    return outcomeOf(inserted, value) ?? refused("cas-mismatch", inserted.node);
  },
  finalReads: () => [],
};

function g2Generator({ random }: LoadContext): Generator {
  let keys = 0;
  let ids = 0;
  const halves: Operation[] = [];
  return fromFunction({
    next: () => {
      if (halves.length >= openKeys) return halves.shift()!;
      const key = `p${keys++}`;
      const rows: readonly Row[] = [
        [++ids, null],
        [null, ++ids],
      ];
      const [first, second] = random.shuffle(rows).map((value): Operation => ({ f: "insert", key, value }));
      halves.push(second!);
      return first!;
    },
  });
}
