import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { optionsOf } from "../controller/batch/shrink/search.ts";
import { tryInMemory } from "../controller/batch/trials/trial.ts";
import { readScheduleFile } from "../controller/plan/schedule/file.ts";

/**
 * Runs that `--shrink` made small, a file a mutant; docs/mutants.md tells their stories. One that no longer fails, because what a
 * seed draws has changed, is made again by `npx keelhaul test --mutant M24 --backend sim --shrink`.
 */
const folder = join(import.meta.dirname, "schedules");
const failures: Readonly<Record<string, string>> = { M06: "I4", M24: "I4", M41: "I19", M60: "I16" };

test("there is a schedule for each of these mutants", () => {
  expect(readdirSync(folder)).toEqual(Object.keys(failures).map((mutant) => `${mutant}.json`));
});

test.each(Object.entries(failures))(
  "a few faults show %s, by %s, and the correct store is valid under them",
  async (mutant, failure) => {
    const schedule = await readScheduleFile(join(folder, `${mutant}.json`));
    expect(schedule.faults.length).toBeLessThanOrEqual(6);
    expect(schedule.options).toMatchObject({ mutant });
    const options = optionsOf(schedule);
    expect(await tryInMemory(options)).toMatchObject({ verdict: "invalid", failure });
    const { mutant: _, ...correct } = options;
    expect(await tryInMemory(correct)).toMatchObject({ verdict: "valid" });
  },
);
