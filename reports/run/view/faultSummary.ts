import type { FaultDigest } from "../digest/types.ts";

/** All injections of one kind together. */
export interface FaultKind {
  readonly name: string;
  readonly color: string;
  readonly injected: number;
  readonly effective: number;
  readonly answered: number;
  readonly total: number;
  /** Sorted; only of those after which the cluster was seen to recover. */
  readonly recoveriesMs: readonly number[];
}

/** Injections by fault and variant, in order of first use. */
export function summariseFaults(faults: readonly FaultDigest[]): FaultKind[] {
  const groups = Map.groupBy(faults, ({ fault, label, variant }) =>
    variant === fault ? label : `${label} ${variant}`,
  );
  return [...groups].map(([name, group]) => {
    const windows = group.flatMap(({ window }) => (window ? [window] : []));
    return {
      name,
      color: group[0]!.color,
      injected: group.length,
      effective: group.filter(({ effective }) => effective).length,
      answered: windows.reduce((sum, { answered }) => sum + answered, 0),
      total: windows.reduce((sum, { total }) => sum + total, 0),
      recoveriesMs: windows.flatMap(({ recoveryMs }) => recoveryMs ?? []).toSorted((a, b) => a - b),
    };
  });
}
