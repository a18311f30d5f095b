import { z } from "zod";

/**
 * An option that one backend takes, declared in that backend's folder. Command line, help, keelhaul.yaml, library, schedule
 * files and the command that repeats a run read it here.
 */
export interface BackendOption<Schema extends z.ZodType = z.ZodType> {
  /** Of a value that was given. */
  readonly schema: Schema;
  /** What stands behind the flag, such as `<name>`. */
  readonly argument: string;
  readonly help: string;
  /** What happens without it. */
  readonly usually: string;
}

/** By their names in camel case. */
export type BackendOptions = Readonly<Record<string, BackendOption>>;

/** Values of a backend's options, by their names; those that were not given are left out. */
export type GivenOptions = Readonly<Record<string, unknown>>;

type Values<Options extends BackendOptions> = {
  readonly [Name in keyof Options]?: z.output<Options[Name]["schema"]> | undefined;
};

/** The values of a backend's options, in the types that their schemas give them. */
export function valuesOf<Options extends BackendOptions>(options: Options, given: GivenOptions): Values<Options> {
  const shape = Object.entries(options).map(([name, { schema }]) => [name, schema.optional()] as const);
  return z.object(Object.fromEntries(shape)).parse(given) as Values<Options>;
}
