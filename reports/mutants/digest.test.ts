import { expect, test } from "vitest";
import { mutantMatrix } from "../../tests/report-pages.ts";
import { digestMutants } from "./digest.ts";
import { mutantsReport } from "./report.ts";

const [row] = mutantMatrix.rows;
const accused = { ...row!.control, found: { seed: 2, summary: "lost", report: null } };

test("a digest counts the mutants that were detected, and the configurations with a false alarm", () => {
  const rows = [
    ...(["both", "invariant", "outside", "no", "open"] as const).map((caughtBy) => ({ ...row!, caughtBy })),
    { ...row!, control: accused },
  ];
  const digest = digestMutants({ ...mutantMatrix, rows });
  expect(digest).toMatchObject({ caught: 4, accused: 1 });
  expect(mutantsReport.title(digest)).toBe("4 of 6 mutants of raft detected");
});
