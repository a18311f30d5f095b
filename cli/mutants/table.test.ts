import { expect, test } from "vitest";
import type { MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { Sighting } from "../../controller/batch/mutants/search.ts";
import { matrixTable } from "./table.ts";

const tried = (seeds: number, failure: string | null, unknown = 0): Sighting => ({
  ...{ seeds, virtualSeconds: seeds * 100.4, seconds: 1, unknown },
  found: failure === null ? null : { seed: seeds, summary: "", failure, options: {} },
});
const line = (changed: Partial<MatrixLine>): MatrixLine => ({
  ...{ id: "M24", name: "commit-old-term", breaks: "", anomalies: ["lost-write"], missed: null, complete: true },
  expected: { invariants: ["I4"], blackBox: true },
  ...{ byInvariants: tried(2, "I4"), fromOutside: tried(13, "register"), control: tried(10, null) },
  ...changed,
});

test("the matrix fits into 80 columns, and says what is not as it should be", () => {
  const id = "M86b";
  const name = "transfer-refused-as-disturbance";
  const none = { byInvariants: tried(200, null), fromOutside: tried(200, null) };
  const table = matrixTable([
    line({}),
    line({ id, name, ...none, missed: "nobody asks", control: tried(3, "set") }),
    line({ byInvariants: null, fromOutside: tried(3, null), control: tried(10, null, 2), complete: false }),
  ]);
  expect(`\n${table.join("\n")}\n`).toBe(`
                                       by an invariant   from outside   control
  mutant                                  seeds    time  seeds    time    seeds
  M24  commit-old-term                 I4     2   201 s  ✓  13  1305 s  ✓ 10
✗ M86b transfer-refused-as-disturbance -    200 20080 s  - 200 20080 s  ✗ 3
? M24  commit-old-term                                   -   3   301 s  ? 2/10

  M86b: nobody asks
`);
  expect(Math.max(...table.map((row) => row.length))).toBeLessThanOrEqual(80);
});
