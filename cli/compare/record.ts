import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Comparison, comparisonSchema } from "../../analysis/comparison.ts";
import { parseAxis } from "../../controller/batch/compare/axis.ts";
import { cellsOf } from "../../controller/batch/compare/cells.ts";
import { messageOf, UsageError } from "../../errors/errors.ts";
import { dashed } from "../../errors/option-names.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { replaceFile } from "../../history/replace-file.ts";
import { createFolder } from "../../store/run-folder.ts";
import { drawSeed, readTestOptions, type TestFlags } from "../test-options.ts";

/** What is compared, as it was typed. */
export interface ComparisonFlags extends TestFlags {
  readonly axis?: readonly string[];
  readonly repeat?: number;
}

/** A comparison and the folder that has its record, `compare.json`. */
export interface RecordedComparison {
  readonly folder: string;
  readonly comparison: Comparison;
}

const recordFile = "compare.json";
const usualRepetitions = 3;

/** A new comparison in a folder of its own. Throws a UsageError where one of its combinations makes no plan. */
export async function beginComparison({ axis = [], repeat, ...flags }: ComparisonFlags): Promise<RecordedComparison> {
  if (axis.length === 0) {
    throw new UsageError("--axis: is missing; expected an option and its values, such as --axis read-mode=local,lease");
  }
  const axes = axis.map(parseAxis);
  const twice = axes.find(
    ({ option }) => option in flags || axes.filter((other) => other.option === option).length > 1,
  );
  if (twice !== undefined) {
    throw new UsageError(`--axis ${dashed(twice.option)}: the option is given twice; omit one of the two`);
  }
  const { plan, options } = await readTestOptions(flags, drawSeed());
  const comparison = { axes, options, repetitions: repeat ?? usualRepetitions, seed: plan.seed, runs: [] };
  cellsOf(comparison);
  return { folder: await createFolder(plan.store, "compare", new Date()), comparison };
}

/** The comparison that a folder has the record of. It has its options already: `flags` are those given in vain. */
export async function resumeComparison(folder: string, flags: ComparisonFlags): Promise<RecordedComparison> {
  const given = Object.keys(flags).map((name) => `--${dashed(name)}`);
  if (given.length > 0) {
    throw new UsageError(`--continue: the comparison has its own options; omit ${given.join(" and ")}`);
  }
  const file = join(folder, recordFile);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(
      `--continue: ${messageOf(error)}; expected the folder of a comparison, such as store/compare/20260102T030405Z`,
    );
  });
  return { folder, comparison: parseComparison(text, file) };
}

export function keepComparison({ folder, comparison }: RecordedComparison): void {
  replaceFile(join(folder, recordFile), `${JSON.stringify(comparison, null, 2)}\n`);
}

function parseComparison(text: string, file: string): Comparison {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}; expected what keelhaul compare wrote`);
  }
  const parsed = parseWith(comparisonSchema, value);
  if (parsed.objection === undefined) return parsed.data;
  const { path, problem } = parsed.objection;
  throw new UsageError(`${file}: ${path.map(String).join(".")}: ${problem}`);
}
