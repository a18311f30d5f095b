import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { Sighting } from "../../controller/batch/mutants/search.ts";
import { printMatrix } from "./outcome.ts";

const tried = (failure: string | null): Sighting => ({
  ...{ seeds: 3, virtualSeconds: 300, seconds: 1, unknown: 0 },
  found: failure === null ? null : { seed: 3, summary: "", failure, options: {} },
});
const line = (changed: Partial<MatrixLine>): MatrixLine => ({
  ...{ id: "M24", name: "commit-old-term", breaks: "", anomalies: ["lost-write"], missed: null, complete: true },
  expected: { invariants: ["I4"], blackBox: true },
  ...{ byInvariants: tried("I4"), fromOutside: tried("register"), control: tried(null) },
  ...changed,
});

function printed(lines: readonly MatrixLine[], { json = false, interrupted = false } = {}): string {
  const output = new PassThrough();
  printMatrix({ lines, report: "store/mutants/x/mutants.html", interrupted, seconds: 12.34 }, json, output);
  return String(output.read());
}

test("a matrix ends with its verdict, the share from outside, the control, and where the report is", () => {
  const crash = line({ id: "M02", fromOutside: tried("crashes") });
  const text = printed([line({}), crash]);
  expect(text).toContain("✓ 2 of 2 mutants detected\n");
  expect(text).toContain("  missed      none\n");
  expect(text).toContain(
    "2 of 2 externally visible mutants (100 %) detected: 1 from clients' operations, 1 from crashes",
  );
  expect(text).toContain("  control     never called invalid\n");
  expect(text).toContain("  report      store/mutants/x/mutants.html\n");
});

test("a missed mutant and a false alarm are named, and that the matrix was interrupted", () => {
  const missed = line({ id: "M07", byInvariants: tried(null), fromOutside: tried(null) });
  const text = printed([missed, line({ control: tried("register") })], { interrupted: true });
  expect(text).toContain("✗ 1 of 2 mutants detected, interrupted\n");
  expect(text).toContain("  missed      M07\n");
  expect(text).toContain("; missed: M07\n");
  expect(text).toContain("  control     called invalid under M24\n");
});

test("programs get the same as one line of JSON", () => {
  const text = printed([line({})], { json: true });
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(text)).toMatchObject({
    verdict: "valid",
    mutants: 1,
    caught: 1,
    missed: [],
    accused: [],
    seconds: 12.3,
  });
});
