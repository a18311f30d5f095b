import type { Context, Generator } from "./generator.ts";
import { soonest } from "./soonest.ts";
import { only } from "./threads.ts";

export interface IndependentKeys {
  /** How many threads work on one key at a time. */
  readonly groupSize: number;
  /** The keys in order; undefined where there are no more. */
  readonly keyAt: (index: number) => string | undefined;
  /** What is done to one key; its operations get the key. When it has nothing more, the group takes the next key. */
  readonly generator: (key: string) => Generator;
}

interface Group {
  readonly key: string;
  readonly generator: Generator;
}

interface Groups {
  readonly byNumber: readonly (Group | undefined)[];
  readonly keysTaken: number;
}

/** Groups of threads, each with a key of its own, which go from key to key. */
export function independentKeys(keys: IndependentKeys): Generator {
  return grouped(keys, { byNumber: [], keysTaken: 0 });
}

function grouped(keys: IndependentKeys, before: Groups): Generator {
  let groups = before;
  const groupOf = (thread: number, { threads }: Context): number =>
    Math.floor(threads.indexOf(thread) / keys.groupSize);
  const view = (number: number, context: Context): Context =>
    only(context, (thread) => groupOf(thread, context) === number);
  return {
    next: (context) => {
      const count = Math.ceil(context.threads.length / keys.groupSize);
      const candidates = Array.from({ length: count }, (_, number) => {
        const asked = ask(keys, groups, number, view(number, context));
        groups = asked.groups;
        return { number, step: asked.step };
      });
      return soonest(
        candidates.map(({ number, step }) => ({
          step,
          rest: (inner) => grouped(keys, changed(groups, number, inner)),
        })),
      );
    },
    hear: (event, context) => {
      const byNumber = groups.byNumber.map((group, number) => {
        if (group === undefined || group.key !== event.key) return group;
        return { ...group, generator: group.generator.hear(event, view(number, context)) };
      });
      return grouped(keys, { ...groups, byNumber });
    },
  };
}

/** What a group does next, on its key or on the next one that it has anything to do on. */
function ask(keys: IndependentKeys, before: Groups, number: number, context: Context) {
  let groups = before;
  for (;;) {
    const group = groups.byNumber[number];
    const step = group?.generator.next(context) ?? null;
    if (group !== undefined && step !== null) {
      const { key } = group;
      const keyed = step.type === "offer" ? { ...step, operation: { ...step.operation, key } } : step;
      return { groups, step: keyed };
    }
    const key = keys.keyAt(groups.keysTaken);
    if (key === undefined) return { groups, step: null };
    const byNumber = [...groups.byNumber];
    byNumber[number] = { key, generator: keys.generator(key) };
    groups = { byNumber, keysTaken: groups.keysTaken + 1 };
  }
}

function changed(groups: Groups, number: number, generator: Generator): Groups {
  const group = groups.byNumber[number];
  if (group === undefined) return groups;
  return { ...groups, byNumber: groups.byNumber.with(number, { ...group, generator }) };
}
