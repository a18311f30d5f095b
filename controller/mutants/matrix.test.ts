import { expect, test } from "vitest";
import type { SystemMutant } from "../../sut/system.ts";
import type { Judged, TrialOptions } from "../trials/trial.ts";
import { caughtBy, isComplete, type MatrixLine, tryMutants } from "./matrix.ts";

const mutant = (id: string): SystemMutant => ({
  id,
  name: `name of ${id}`,
  breaks: "something",
  enabling: { nodes: 3, workload: "register", nemesis: ["none"] },
  expected: { invariants: [], blackBox: true },
});

/** Trials of which some are invalid. */
async function matrix(ids: readonly string[], isInvalid: (options: TrialOptions) => boolean, outside = false) {
  const ran: TrialOptions[] = [];
  const run = async (options: TrialOptions): Promise<Judged> => {
    ran.push(options);
    const invalid = isInvalid(options);
    const verdict = invalid ? "invalid" : "valid";
    const brokenInside = invalid && options["invariants"] !== false && !outside;
    return { verdict, summary: `seed ${options["seed"]}`, failure: null, brokenInside, seconds: 1 };
  };
  const told: MatrixLine[] = [];
  const mutants = ids.map(mutant);
  const tell = (line: MatrixLine) => void told.push(line);
  const lines = await tryMutants({ mutants, seeds: 4, common: { rate: 9 }, hasInvariants: true, run, tell });
  expect(told).toHaveLength(lines.length);
  return { lines, ran };
}

test("a mutant is tried until it is noticed, by either way; the control runs under the same seeds, once", async () => {
  const { lines, ran } = await matrix(["M01", "M02"], ({ mutant, seed, invariants }) => {
    if (mutant === "M01") return seed === (invariants === false ? 3 : 1);
    return mutant === "M02" && invariants === false && seed === 2;
  });
  expect(lines.map((line) => [line.id, caughtBy(line), line.byInvariants?.runs, line.byClients.runs])).toEqual([
    ["M01", "both", 1, 3],
    ["M02", "clients", 4, 2],
  ]);
  expect(lines.map(({ control }) => control.runs)).toEqual([3, 4]);
  const controls = ran.filter((options) => !("mutant" in options));
  expect(controls.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
  expect(controls[0]).toMatchObject({ nodes: 3, workload: ["register"], rate: 9 });
  expect(isComplete(lines)).toBe(true);
});

test("what only clients saw is not put down to the invariants", async () => {
  const { lines } = await matrix(["M01"], ({ mutant }) => mutant === "M01", true);
  expect([caughtBy(lines[0]!), lines[0]!.byInvariants?.runs]).toEqual(["clients", 4]);
});

test("a mutant that survives, or a correct store that is accused, leaves the matrix incomplete", async () => {
  const survived = await matrix(["M01"], () => false);
  expect(caughtBy(survived.lines[0]!)).toBe("no");
  expect(isComplete(survived.lines)).toBe(false);
  const accused = await matrix(["M01"], ({ seed }) => seed === 1);
  expect(accused.lines[0]!.control.invalid).toMatchObject({ seed: 1, summary: "seed 1" });
  expect(isComplete(accused.lines)).toBe(false);
});
