import { expect, test } from "vitest";
import { UsageError } from "../../../errors/errors.ts";
import type { SystemMutant } from "../../../sut/mutant.ts";
import { validTrial } from "../trials/test-support/trials.ts";
import type { Judged, TrialOptions } from "../trials/trial.ts";
import { caughtBy, type MatrixLine, outsideShare, verdictOn } from "./line.ts";
import { type MatrixOptions, tryMutants } from "./matrix.ts";

const mutant = (id: string, changed: Partial<SystemMutant> = {}): SystemMutant => ({
  id,
  name: `name of ${id}`,
  breaks: "something",
  anomalies: ["lost-write"],
  enabling: { nodes: 3, workload: "register", nemesis: ["none"] },
  expected: { invariants: ["I1"], blackBox: true },
  ...changed,
});

type IsInvalid = (options: TrialOptions) => boolean;

/** Trials of which some are invalid; broken inside where somebody looked, unless a bug shows outside alone. */
const judge = (options: TrialOptions, isInvalid: IsInvalid, outside: boolean): Judged => {
  const invalid = isInvalid(options);
  const brokenInside = invalid && options["invariants"] !== false && !outside;
  const failure = !invalid ? null : brokenInside ? "I1" : "register";
  const [seconds, virtualMs] = [1, 30_000];
  return {
    ...{ verdict: invalid ? "invalid" : "valid", summary: `seed ${options["seed"]}`, failure, brokenInside },
    ...{ seconds, virtualMs },
  };
};

async function matrix(
  mutants: readonly SystemMutant[],
  isInvalid: IsInvalid,
  changed: Partial<MatrixOptions> = {},
  outside = false,
) {
  const ran: TrialOptions[] = [];
  const told: string[] = [];
  const lines = await tryMutants({
    ...{ mutants, seeds: 6, controlSeeds: 2, common: { rate: 9 }, hasInvariants: true, threads: 1 },
    signal: new AbortController().signal,
    run: async (options) => {
      ran.push(options);
      return judge(options, isInvalid, outside);
    },
    tell: (_, completed) => told.push(...completed.map(({ id }) => id)),
    ...changed,
  });
  return { lines, ran, told };
}

const inShort = (line: MatrixLine) =>
  [line.id, caughtBy(line), line.byInvariants?.seeds, line.fromOutside.seeds, line.control.seeds] as const;
const isControl = (options: TrialOptions) => !("mutant" in options);

test("a mutant is tried until it is noticed in each way; the control runs once for all, also under the seeds that caught", async () => {
  const { lines, ran, told } = await matrix([mutant("M01"), mutant("M02")], ({ mutant, seed, invariants }) => {
    if (mutant === "M01") return seed === (invariants === false ? 5 : 1);
    return mutant === "M02" && invariants === false && seed === 4;
  });
  expect(lines.map(inShort)).toEqual([
    ["M01", "both", 1, 5, 4],
    ["M02", "outside", 4, 4, 4],
  ]);
  expect(lines[0]!.byInvariants).toMatchObject({ virtualSeconds: 30, found: { seed: 1, failure: "I1" } });
  expect(lines[0]!.fromOutside).toMatchObject({ virtualSeconds: 150, seconds: 5, found: { failure: "register" } });
  expect(lines[0]!.fromOutside.found!.options).toMatchObject({ mutant: "M01", invariants: false, seed: 5 });
  const controls = ran.filter(isControl);
  expect(controls.map(({ seed }) => seed).toSorted()).toEqual([1, 2, 4, 5]);
  expect(controls[0]).toMatchObject({ nodes: 3, workload: ["register"], rate: 9 });
  expect(told.toSorted()).toEqual(["M01", "M02"]);
  expect(verdictOn(lines)).toBe("valid");
});

test("the first runs of all come before the second of any", async () => {
  const { ran } = await matrix([mutant("M01"), mutant("M02"), mutant("M03")], () => false);
  const seeds = ran.map(({ seed }) => Number(seed));
  expect(seeds).toEqual(seeds.toSorted((one, other) => one - other));
});

test("what a way is not expected to notice, and what showed outside already, gets as few seeds as the control", async () => {
  const forNobody = mutant("M01", { expected: { invariants: [], blackBox: false } });
  const seenByClients = mutant("M02");
  const late = mutant("M03");
  const { lines } = await matrix([forNobody, seenByClients, late], ({ mutant, seed, invariants }) => {
    if (invariants !== false) return false;
    return (mutant === "M02" && seed === 1) || (mutant === "M03" && seed === 5);
  });
  expect(lines.map((line) => inShort(line).slice(0, 4))).toEqual([
    ["M01", "no", 2, 2],
    ["M02", "outside", 2, 1],
    ["M03", "outside", 5, 5],
  ]);
});

test("configurations that are written down in another order have one control", async () => {
  const [one, other] = [
    { slow: 0.1, lose: 0.2 },
    { lose: 0.2, slow: 0.1 },
  ].map((network, place) =>
    mutant(`M0${place}`, { enabling: { nodes: 3, workload: "set", nemesis: ["kill"], world: { network } } }),
  );
  const { ran } = await matrix([one!, other!], ({ seed, mutant }) => mutant !== undefined && seed === 1);
  expect(ran.filter(isControl)).toHaveLength(2);
});

test("what comes out does not depend on how many runs are under way, nor on which ends first", async () => {
  const isInvalid: IsInvalid = ({ mutant, seed }) => mutant === "M02" && Number(seed) >= 3;
  const mutants = [mutant("M01"), mutant("M02")];
  const { lines } = await matrix(mutants, isInvalid);
  const held: (() => void)[] = [];
  const heldBack = matrix(mutants, isInvalid, {
    threads: 5,
    run: (options) => new Promise((resolve) => held.push(() => resolve(judge(options, isInvalid, false)))),
  });
  let waiting = true;
  const ended = heldBack.finally(() => {
    waiting = false;
  });
  while (waiting) {
    held.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await ended).lines).toEqual(lines);
});

test("what showed outside alone is not put down to the invariants", async () => {
  const { lines } = await matrix([mutant("M01")], ({ mutant }) => mutant === "M01", {}, true);
  expect(inShort(lines[0]!).slice(0, 4)).toEqual(["M01", "outside", 2, 1]);
});

test("a mutant that survives, or a correct store that is accused, makes the matrix invalid", async () => {
  const survived = await matrix([mutant("M01")], () => false);
  expect(inShort(survived.lines[0]!)).toEqual(["M01", "no", 6, 6, 2]);
  expect(verdictOn(survived.lines)).toBe("invalid");
  const accused = await matrix([mutant("M01")], ({ seed }) => seed === 1);
  expect(accused.lines[0]!.control.found).toMatchObject({ seed: 1, summary: "seed 1" });
  expect(verdictOn(accused.lines)).toBe("invalid");
});

test("a run that breaks off decides nothing; options that cannot be carried out are refused", async () => {
  const hangs = (cause: Error) => async (options: TrialOptions) => {
    if (isControl(options) && options["seed"] === 1) throw cause;
    return validTrial;
  };
  const { lines } = await matrix([mutant("M01")], () => false, { run: hangs(new Error("took too long")) });
  expect(lines[0]!.control).toMatchObject({ seeds: 2, unknown: 1, found: null });
  await expect(matrix([mutant("M01")], () => false, { run: hangs(new UsageError("--rate")) })).rejects.toThrow(
    UsageError,
  );
});

test("an interrupted matrix ends at once with what was found, and leaves open what was not tried", async () => {
  const interrupted = new AbortController();
  const run = async (options: TrialOptions): Promise<Judged> => {
    if (options["seed"] === 2) interrupted.abort();
    if (interrupted.signal.aborted) return new Promise(() => {});
    return judge(options, ({ mutant }) => mutant === "M01", false);
  };
  const { lines } = await matrix([mutant("M01"), mutant("M02")], () => false, { run, signal: interrupted.signal });
  expect(lines.map((line) => caughtBy(line))).toEqual(["both", "open"]);
  expect(verdictOn(lines)).toBe("unknown");
});

test("the share from outside is one of the mutants that do what shows there", async () => {
  const mutants = [mutant("M01"), mutant("M02"), mutant("M03", { anomalies: ["slow", "unavailable"] })];
  const { lines } = await matrix(mutants, ({ mutant }) => mutant === "M01" || mutant === "M03");
  expect(outsideShare(lines)).toEqual({ of: 2, caught: 1, byClients: 1, missed: ["M02"] });
  const [{ fromOutside }] = lines as [MatrixLine];
  const crashed = {
    ...lines[0]!,
    fromOutside: { ...fromOutside, found: { ...fromOutside.found!, failure: "crashes" } },
  };
  expect(outsideShare([crashed])).toEqual({ of: 1, caught: 1, byClients: 0, missed: [] });
});
