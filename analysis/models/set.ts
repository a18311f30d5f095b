import { withExactNumbers } from "../../history/exact-json.ts";
import { elementsIn } from "../../history/set-value.ts";
import { show } from "../words.ts";
import {
  family,
  illegal,
  type Model,
  type ModelOperation,
  neverPutIn,
  same,
  type TimedOperation,
  unknownFunction,
} from "./model.ts";

/** Sets are kept as the sorted JSON of their elements, so that equal sets are equal arrays. */
type Elements = readonly string[];

/** With more elements than this there are too many sets to go through. */
const maxListedElements = 10;

/** A set that is read as a whole. */
export const setModel = family(
  "set",
  "a set: add, remove, read (all elements)",
  ({ initial, nilReads }): Model<Elements> => {
    const init = elementsOf(initial ?? []);
    return {
      name: "set",
      init,
      step,
      isPure: ({ f }) => f === "read",
      objection: (operation) => unknownFunction(operation, ["add", "remove", "read"]) ?? malformed(operation),
      saysNothing: ({ f, value }) => f === "read" && value === null && nilReads === "unknown",
      states: (operations) => subsets([...init, ...operations.filter(adds).map(({ asked }) => JSON.stringify(asked))]),
      impossible: (operations) => twice(operations) ?? unadded(operations, init),
      describeState: (state) => `the set holds ${listed(state)}`,
      tell: ({ f, asked, value }) =>
        f === "add" ? `added ${show(asked)}` : f === "remove" ? `removed ${show(asked)}` : `read ${show(value)}`,
      whyNot: (state, { value }) => difference(state, elementsOf(value)),
    };
  },
);

function step(state: Elements, { f, asked, value }: ModelOperation): Elements | typeof illegal {
  if (f === "read") return same(state, elementsOf(value)) ? state : illegal;
  const element = JSON.stringify(asked);
  if (f === "remove") return state.filter((other) => other !== element);
  return state.includes(element) ? state : [...state, element].sort();
}

/** No value is read as the empty set. */
function elementsOf(value: unknown): Elements {
  return (elementsIn(value) ?? []).map((element) => JSON.stringify(element)).sort();
}

function malformed({ f, value, outcome }: ModelOperation): string | null {
  if (f !== "read" || outcome !== "ok" || value === null || elementsIn(value) !== null) return null;
  return "a read of a set does not answer a list";
}

function adds({ f }: ModelOperation): boolean {
  return f === "add";
}

function subsets(elements: readonly string[]): Elements[] | null {
  const distinct = [...new Set(elements)].sort();
  if (distinct.length > maxListedElements) return null;
  return Array.from({ length: 1 << distinct.length }, (_, bits) => distinct.filter((_, place) => (bits >> place) & 1));
}

function twice(operations: readonly TimedOperation[]): { operations: number[]; why: string } | null {
  for (const [place, { f, value }] of operations.entries()) {
    if (f !== "read") continue;
    const elements = elementsOf(value);
    const again = elements.find((element, at) => element === elements[at - 1]);
    if (again !== undefined) return { operations: [place], why: `a set holds ${withExactNumbers(again)} only once` };
  }
  return null;
}

function unadded(operations: readonly TimedOperation[], init: Elements): ReturnType<typeof neverPutIn> {
  const initial = init.map((element) => JSON.parse(element) as unknown);
  const put = (operation: TimedOperation): unknown[] => (adds(operation) ? [operation.asked] : []);
  const seen = ({ f, value }: TimedOperation): readonly unknown[] => (f === "read" ? (elementsIn(value) ?? []) : []);
  const fresh = (operation: TimedOperation): unknown[] =>
    seen(operation).filter((element) => !initial.some((known) => same(known, element)));
  return neverPutIn(operations, null, put, fresh, "added");
}

function listed(elements: readonly string[]): string {
  const shown = elements.slice(0, 8).map(withExactNumbers).join(", ");
  return elements.length === 0 ? "nothing" : elements.length > 8 ? `${shown} and ${elements.length - 8} more` : shown;
}

function difference(state: Elements, read: Elements): string {
  const missing = read.filter((element) => !state.includes(element));
  const surplus = state.filter((element) => !read.includes(element));
  const parts = [
    ...(missing.length > 0 ? [`the set does not hold ${listed(missing)}`] : []),
    ...(surplus.length > 0 ? [`the set holds ${listed(surplus)} as well`] : []),
  ];
  return parts.join(", and ");
}
