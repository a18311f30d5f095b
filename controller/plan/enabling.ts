import type { Enabling, SystemMutant } from "../../sut/mutant.ts";
import { sparseMinLoadShare } from "./min-load.ts";

/** Options as a plan takes them, not checked yet. */
type Options = Readonly<Record<string, unknown>>;

/** Options under which the mutant shows, except where others are given; knobs one by one. */
export function withEnabling(options: Options, { enabling }: SystemMutant): Options {
  const { set, ...enabled } = enablingOptions(enabling);
  return { ...enabled, ...options, set: { ...set, ...(options["set"] as Options | undefined) } };
}

/** Options under which nothing is as the mutant would have it, whether or not it shows then. */
export function withoutEnabling(options: Options, { enabling }: SystemMutant): Options {
  const { set, ...enabled } = enablingOptions(enabling);
  const nothing = (of: object) => Object.fromEntries(Object.keys(of).map((name) => [name, undefined]));
  return { ...nothing(enabled), ...options, set: { ...nothing(set), ...(options["set"] as Options | undefined) } };
}

/** What a plan is to be for a mutant of this configuration, or for its control. */
export function enablingOptions(enabling: Enabling) {
  const { nodes, workload, nemesis, readMode, knobs, rate, concurrency, timeLimitMs, world } = enabling;
  const { maxRecoveryMs, minAnsweredShare, minChangesMadeShare, maxElectionsPerFault } = enabling;
  return {
    nodes,
    workload: [workload],
    nemesis: [...nemesis],
    set: { ...knobs },
    minLoad: sparseMinLoadShare,
    ...(readMode === undefined ? {} : { readMode }),
    ...(rate === undefined ? {} : { rate }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(timeLimitMs === undefined ? {} : { timeLimit: timeLimitMs }),
    ...(world === undefined ? {} : { world: { ...world } }),
    ...(maxRecoveryMs === undefined ? {} : { maxRecovery: maxRecoveryMs }),
    ...(minAnsweredShare === undefined ? {} : { minAnswered: minAnsweredShare }),
    ...(minChangesMadeShare === undefined ? {} : { minChangesMade: minChangesMadeShare }),
    ...(maxElectionsPerFault === undefined ? {} : { maxElections: maxElectionsPerFault }),
  };
}
