import type { HistoryEvent } from "../../history/event.ts";
import { type Context, type Generator, withRest } from "./generator.ts";
import { soonest } from "./soonest.ts";

/** A generator for some of the threads; it hears only of theirs. */
export function onThreads(allowed: (thread: number) => boolean, generator: Generator): Generator {
  return {
    next: (context) => withRest(generator.next(only(context, allowed)), (rest) => onThreads(allowed, rest)),
    hear: (event, context) => {
      const heard = isOf(event, context, allowed) ? generator.hear(event, only(context, allowed)) : generator;
      return onThreads(allowed, heard);
    },
  };
}

/** The first threads for the first generator, and so on; what is left over of them does the rest. */
export function reserve(parts: readonly (readonly [count: number, Generator])[], rest: Generator): Generator {
  let from = 0;
  const groups = parts.map(([count, generator]) => {
    const first = from;
    from += count;
    return onThreads((thread) => thread >= first && thread < first + count, generator);
  });
  return together([...groups, onThreads((thread) => thread >= from, rest)]);
}

/** Every thread does all that the generator says, by itself. */
export function eachThread(generator: Generator, copies: ReadonlyMap<number, Generator> = new Map()): Generator {
  const copyFor = (thread: number): Generator => copies.get(thread) ?? generator;
  const changed = (thread: number, copy: Generator): Generator =>
    eachThread(generator, new Map(copies).set(thread, copy));
  return {
    next: (context) =>
      soonest(
        inOrderOfPreference(context).map((thread) => ({
          step: copyFor(thread).next(only(context, (other) => other === thread)),
          rest: (inner) => changed(thread, inner),
        })),
      ),
    hear: (event, context) => {
      const thread = Number(event.process) % context.concurrency;
      return changed(
        thread,
        copyFor(thread).hear(
          event,
          only(context, (other) => other === thread),
        ),
      );
    },
  };
}

/** The same load as some of the threads see it. */
export function only(context: Context, allowed: (thread: number) => boolean): Context {
  const { timeNs, free, threads, concurrency } = context;
  return {
    timeNs,
    concurrency,
    free: free.filter((process) => allowed(process % concurrency)),
    threads: threads.filter(allowed),
  };
}

function isOf(event: HistoryEvent, context: Context, allowed: (thread: number) => boolean): boolean {
  return typeof event.process === "number" && allowed(event.process % context.concurrency);
}

/** Free threads first, as the load prefers them. */
function inOrderOfPreference({ free, threads, concurrency }: Context): number[] {
  return [...new Set([...free.map((process) => process % concurrency), ...threads])];
}

/** Several generators of different threads: the soonest first, and among equals the one of the preferred process. */
function together(generators: readonly Generator[]): Generator {
  return {
    next: (context) => {
      const candidates = generators.map((generator, place) => ({
        step: generator.next(context),
        rest: (inner: Generator) => together(generators.with(place, inner)),
      }));
      const rank = ({ step }: (typeof candidates)[number]): number =>
        step?.type === "offer" ? context.free.indexOf(step.process) : context.free.length;
      return soonest(candidates.sort((a, b) => rank(a) - rank(b)));
    },
    hear: (event, context) => together(generators.map((generator) => generator.hear(event, context))),
  };
}
