import { type Generator, nothing, pending, withRest } from "./generator.ts";

/** One generator after the other, without waiting for the answers to the one before. */
export function sequence(...generators: readonly Generator[]): Generator {
  const [first, ...others] = generators;
  if (first === undefined) return nothing;
  return {
    next: (context) => {
      const step = first.next(context);
      return step === null ? sequence(...others).next(context) : withRest(step, (rest) => sequence(rest, ...others));
    },
    hear: (event, context) => sequence(first.hear(event, context), ...others),
  };
}

/** Waits until every process is free, then is the generator. */
export function synchronize(generator: Generator): Generator {
  return {
    next: (context) => {
      if (context.free.length < context.threads.length) return pending;
      return generator.next(context);
    },
    hear: (event, context) => synchronize(generator.hear(event, context)),
  };
}

/** One generator after the other, each begun when everything before it has been answered. */
export function phases(...generators: readonly Generator[]): Generator {
  return sequence(...generators.map(synchronize));
}
