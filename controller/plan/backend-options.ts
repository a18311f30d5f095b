import type { z } from "zod";
import { OptionError } from "../../errors/errors.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { BackendOption, GivenOptions } from "../../hosts/backend-option.ts";
import { backendOptions, backends } from "../../hosts/registry.ts";
import { optional, type PlanOption } from "./option.ts";
import { namesOf } from "./option-schemas.ts";

type Declared = typeof backendOptions;

/** The options of backends, as a plan takes them. */
export const backendPlanOptions = Object.fromEntries(
  Object.entries<BackendOption>(backendOptions).map(([name, option]) => [name, planOptionOf(name, option)]),
) as { readonly [Name in keyof Declared]: PlanOption<z.ZodOptional<Declared[Name]["schema"]>> };

function planOptionOf(name: string, { schema, argument, help, usually }: BackendOption): PlanOption {
  return optional(schema, {
    flag: { group: "Cluster:", argument, help: `with --backend ${ownersOf(name)}: ${help}`, usually },
    valueIn: ({ backendOptions: given }) => given[name],
  });
}

/** Those that were given. Throws an OptionError for one that the backend does not take. */
export function pickBackendOptions(options: Readonly<Record<string, unknown>>, backend: Backend): GivenOptions {
  const given = Object.keys(backendOptions).filter((name) => options[name] !== undefined);
  const foreign = given.find((name) => !(name in backend.options));
  if (foreign === undefined) return Object.fromEntries(given.map((name) => [name, options[name]]));
  throw new OptionError([foreign], `works only with --backend ${ownersOf(foreign)}; this run uses ${backend.name}`);
}

function ownersOf(name: string): string {
  return namesOf(backends.filter(({ options }) => name in options));
}
