import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Invariant } from "../sut/raft/invariants/invariant.ts";
import { invariants } from "../sut/raft/invariants/registry.ts";

const guide = readFileSync(join(import.meta.dirname, "../docs/invariants.md"), "utf8");

test("docs/invariants.md lists every invariant, with its statement, its source, and what traces do not tell of it", () => {
  const rows = invariants.map(({ id, name, statement, source, notOnTraces }: Invariant) => {
    return `| ${id} | ${name} | ${statement} | ${source} | ${notOnTraces ?? ""} |`;
  });
  for (const row of rows) expect(guide).toContain(row);
  // I23, Liveness, is judged by who ran the faults.
  expect(guide.match(/^\| I\d+ \|/gm)).toHaveLength(rows.length + 1);
});
