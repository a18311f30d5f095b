import type { Extent } from "./cycles.ts";
import { type AnomalyName, type ModelName, modelNames, modelTable } from "./model-table.ts";

const extentOrder: readonly Extent[] = ["data", "process", "realtime"];

/** Of a model: itself and all that are weaker; and all anomalies that it forbids. */
const weaker = new Map<ModelName, ReadonlySet<string>>(modelNames.map((model) => [model, new Set(closure(model))]));
const forbidden = new Map<ModelName, ReadonlySet<AnomalyName>>(
  modelNames.map((model) => [model, new Set(closure(model).flatMap((one) => modelTable[one]?.forbids ?? []))]),
);

function closure(model: string): string[] {
  return [model, ...(modelTable[model]?.above ?? []).flatMap(closure)];
}

const named = new Map<string, ModelName>(
  modelNames.flatMap((model) => {
    const names = [model, ...(modelTable[model]?.synonyms ?? [])];
    return names.map((name): [string, ModelName] => [name.toLowerCase(), model]);
  }),
);

/** The model of this name, or that has it for a synonym; capitals make no difference. */
function modelNamed(name: string): ModelName | undefined {
  return named.get(name.toLowerCase());
}

/** The models that a list of names asks for, without repetitions, or the first name that is none. */
export function modelsNamed(text: string): { models: readonly ModelName[] } | { unknown: string } {
  const names = text.split(",").map((name) => name.trim());
  const models = new Set<ModelName>();
  for (const name of names) {
    const model = modelNamed(name);
    if (model === undefined) return { unknown: name };
    models.add(model);
  }
  return { models: [...models] };
}

/** Every name that a model goes by. */
export const consistencyNames: readonly string[] = modelNames.flatMap((model) => [
  model,
  ...(modelTable[model]?.synonyms ?? []),
]);

export function forbids(model: ModelName, anomaly: AnomalyName): boolean {
  return forbidden.get(model)?.has(anomaly) === true;
}

/** How far edges must reach for the model to be judged. */
export function extentOf(model: ModelName): Extent {
  return modelTable[model]!.extent;
}

/** The farthest of the models' extents. */
export function widestExtent(models: readonly ModelName[]): Extent {
  return extentOrder[Math.max(...models.map((model) => extentOrder.indexOf(extentOf(model))))]!;
}

/** What a history does not show of what the model itself forbids; null where it shows everything. */
export function uncheckedOf(model: ModelName): string | null {
  return modelTable[model]?.unchecked ?? null;
}

/** Whether the one is the other or a weaker one, so that it holds wherever the other does. */
export function isImpliedBy(model: ModelName, stronger: ModelName): boolean {
  return weaker.get(stronger)!.has(model);
}

export interface Standing {
  /** Every model that an anomaly rules out. */
  readonly ruledOut: readonly ModelName[];
  /** Those of them that no weaker one of them implies. */
  readonly weakestRuledOut: readonly ModelName[];
  /** The strongest models that nothing found rules out; several that cannot be compared, or none. */
  readonly strongest: readonly ModelName[];
  /** Models that certainly hold: whatever they forbid was looked for to the end, and is not there. */
  readonly proven: readonly ModelName[];
}

/**
 * What anomalies say of all models that edges of this extent can judge. `open`: names of which it is not known whether
 * they are there.
 */
export function standingOf(
  anomalies: readonly AnomalyName[],
  extent: Extent,
  open: ReadonlySet<AnomalyName> = new Set(),
): Standing {
  const judged = modelNames.filter((model) => extentOrder.indexOf(extentOf(model)) <= extentOrder.indexOf(extent));
  const ruledOut = judged.filter((model) => anomalies.some((anomaly) => forbids(model, anomaly)));
  const left = judged.filter((model) => !ruledOut.includes(model));
  const decided = left.filter(
    (model) => uncheckedOf(model) === null && ![...open].some((anomaly) => forbids(model, anomaly)),
  );
  const below = (model: ModelName, other: ModelName): boolean => model !== other && isImpliedBy(other, model);
  return {
    ruledOut,
    weakestRuledOut: ruledOut.filter((model) => !ruledOut.some((other) => below(model, other))),
    strongest: left.filter((model) => !left.some((stronger) => below(stronger, model))),
    proven: left.filter((model) => decided.some((stronger) => isImpliedBy(model, stronger))),
  };
}
