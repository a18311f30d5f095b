import { show } from "../words.ts";
import {
  type Impossible,
  type Model,
  type ModelOperation,
  neverPutIn,
  same,
  type TimedOperation,
  unknownFunction,
} from "./model.ts";

/** How one speaks of a container of values. */
export interface ContainerWords {
  readonly noun: string;
  readonly put: string;
  readonly take: string;
  readonly havingPut: string;
  readonly havingTaken: string;
}

export const queueWords: ContainerWords = {
  ...{ noun: "queue", put: "enqueue", take: "dequeue" },
  ...{ havingPut: "enqueued", havingTaken: "dequeued" },
};

export const stackWords: ContainerWords = {
  ...{ noun: "stack", put: "push", take: "pop" },
  ...{ havingPut: "pushed", havingTaken: "popped" },
};

type Contents = readonly unknown[];

/** What models of containers have in common, whatever order they keep: one operation puts in, one takes out or finds nothing. */
export function containerModel(
  name: string,
  initial: unknown,
  words: ContainerWords,
): Omit<Model<Contents>, "step" | "whyNot" | "init"> & { readonly init: Contents } {
  const { noun, put, take, havingPut, havingTaken } = words;
  const init = (initial ?? []) as Contents;
  const putBy = ({ f, asked }: ModelOperation): unknown[] => (f === put ? [asked] : []);
  const takenBy = ({ f, value, outcome }: ModelOperation): unknown[] =>
    f === take && outcome === "ok" && value !== null ? [value] : [];
  return {
    name,
    init,
    isPure: ({ f, value, outcome }) => f === take && value === null && outcome === "ok",
    observes: ({ f }) => f === take,
    objection: (operation) =>
      unknownFunction(operation, [put, take]) ??
      (operation.f === put && operation.asked === null ? `null stands for an empty ${noun}` : null),
    impossible: (operations) => neverPut(operations) ?? tooOften(operations),
    describeState: (state) => describeContents(state, noun),
    tell: ({ f, asked, value }) =>
      f === put
        ? `${havingPut} ${show(asked)}`
        : value === null
          ? `found the ${noun} empty`
          : `${havingTaken} ${show(value)}`,
  };

  function neverPut(operations: readonly TimedOperation[]): Impossible | null {
    const fresh = (operation: TimedOperation): unknown[] =>
      takenBy(operation).filter((value) => !init.some((known) => same(known, value)));
    return neverPutIn(operations, null, putBy, fresh, havingPut);
  }

  function tooOften(operations: readonly TimedOperation[]): Impossible | null {
    const left = new Map<string, number>();
    const add = (value: unknown, change: number): number => {
      const text = JSON.stringify(value);
      left.set(text, (left.get(text) ?? 0) + change);
      return left.get(text)!;
    };
    for (const value of [...init, ...operations.flatMap(putBy)]) add(value, 1);
    for (const [place, operation] of operations.entries()) {
      for (const value of takenBy(operation)) {
        if (add(value, -1) >= 0) continue;
        const takers = operations.flatMap((other, at) => (takenBy(other).some((one) => same(one, value)) ? [at] : []));
        const others = takers.filter((at) => at !== place);
        return {
          operations: [place, ...others],
          why: `${show(value)} was ${havingTaken} more often than it was ${havingPut}`,
        };
      }
    }
    return null;
  }
}

/** "the queue holds 1, 2". */
export function describeContents(state: Contents, noun: string): string {
  const shown = state.slice(0, 8).map(show).join(", ");
  if (state.length === 0) return `the ${noun} is empty`;
  return `the ${noun} holds ${shown}${state.length > 8 ? ` and ${state.length - 8} more` : ""}`;
}
