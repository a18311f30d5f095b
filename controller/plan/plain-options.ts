import type { z } from "zod";
import { modelNames } from "../../analysis/transactions/model-table.ts";
import { flag, number, wholeNumber } from "../../errors/schemas.ts";
import { isSwitch, optional, type PlanOption, withDefault } from "./option.ts";
import { consistency } from "./option-schemas.ts";
import type { Plan } from "./plan.ts";

/**
 * Options that a plan takes as they are: nothing is looked up or checked against other options. Adding one is adding an
 * entry here and using `plan.<name>` where it matters.
 */
export const plainOptions = {
  rate: withDefault(
    number(
      "operations a second up to 1000000, 0 for as fast as possible",
      (perSecond) => perSecond >= 0 && perSecond <= 1_000_000,
    ),
    200,
    {
      flag: {
        group: "Load:",
        argument: "<number>",
        help: "operations per second; 0 sends as many as the clients can",
        inCampaigns: true,
      },
      recordedAs: "rate",
    },
  ),
  hunt: withDefault(flag, false, {
    flag: {
      group: "Fault injection:",
      help: "make rare paths common: small limits of the store, several faults at once, load in bursts; the seed chooses",
    },
    recordedAs: "hunt",
  }),
  nemesisSeed: optional(wholeNumber(0, 2 ** 31 - 1), {
    flag: {
      group: "Fault injection:",
      argument: "<number>",
      help: "repeat the faults of a run with other operations",
      usually: "the seed",
    },
  }),
  consistency: optional(consistency, {
    flag: {
      group: "Checks:",
      argument: "<models>",
      help: `the consistency models for transactions, separated by commas: ${modelNames.join(", ")}`,
      usually: "strict-serializable",
    },
    recordedAs: "consistency",
  }),
  invariants: withDefault(flag, true, {
    flag: { group: "Checks:", help: "check only what clients can observe, not the invariants inside the store" },
  }),
  failFast: withDefault(flag, false, {
    flag: { group: "Checks:", help: "stop at the first violation; the run is healed, stopped and reported as usual" },
  }),
} as const satisfies Record<string, PlanOption>;

type Plain = typeof plainOptions;

/** The same as options of a plan, which has their values under the same names. */
export const plainPlanOptions = Object.fromEntries(
  Object.entries<PlanOption>(plainOptions).map(([name, option]) => [
    name,
    { ...option, valueIn: valueUnder(name, option) },
  ]),
) as Plain;

function valueUnder(name: string, { flag, usual = "false" }: PlanOption): (plan: Plan) => unknown {
  return (plan) => {
    const value = plan[name as keyof Plain];
    // A switch says the opposite of its default.
    return isSwitch(flag) && String(value) === usual ? undefined : value;
  };
}

/** Their values, with defaults. */
export type PlainOptions = {
  readonly [Name in keyof Plain]: z.output<Plain[Name]["schema"]>;
};
