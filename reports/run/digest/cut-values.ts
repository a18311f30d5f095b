import type { OperationView } from "../../../analysis/results.ts";
import type { LongestPrefix } from "../../../analysis/search/result.ts";
import { formatJson } from "../../../history/exact-json.ts";

/** Longer values say nothing on a page, and would make it larger than a browser opens. */
const longestShown = 2000;
const shownOfLonger = 200;

/** An operation whose value, key and error are cut where they are long, with their length. */
export function withCutValues(operation: OperationView): OperationView {
  const { key, value, error } = operation;
  return {
    ...operation,
    value: cutValue(value),
    ...(key === undefined ? {} : { key: cutText(key) }),
    ...(error === undefined ? {} : { error: cutText(error) }),
  };
}

export function withCutPrefix(prefix: LongestPrefix): LongestPrefix {
  const ends = prefix.ends.map(({ state, waiting }) => ({
    state: cutText(state),
    waiting: waiting.map((each) => ({ ...each, why: cutText(each.why) })),
  }));
  return { ...prefix, next: withCutValues(prefix.next), ends };
}

export function cutText(text: string): string {
  if (text.length <= longestShown) return text;
  return `${text.slice(0, shownOfLonger)}… (${text.length} characters)`;
}

function cutValue(value: unknown): unknown {
  const text = formatJson(value ?? null);
  return text.length <= longestShown ? value : cutText(text);
}
