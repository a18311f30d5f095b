/**
 * A value of EDN, the notation of Jepsen's histories: vectors are arrays, integers that a double cannot keep are
 * bigints, and what JSON has no word for is an object of one of the kinds below. A plain number is an integer, or a
 * double that is not whole.
 */
export type EdnValue = null | boolean | number | bigint | string | readonly EdnValue[] | EdnObject;

export type EdnObject =
  | EdnKeyword
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "character"; readonly text: string }
  /** A double without a fraction, which is not equal to the integer of that value. */
  | { readonly kind: "double"; readonly value: number }
  /** `1/3`, in lowest terms. */
  | { readonly kind: "ratio"; readonly text: string }
  /** What stands between the quotes of `#"..."`. */
  | { readonly kind: "regex"; readonly text: string }
  /** A number with the suffix M: its digits count, so it stays text. */
  | { readonly kind: "decimal"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly EdnValue[] }
  | { readonly kind: "set"; readonly items: readonly EdnValue[] }
  | EdnMap
  | EdnTagged;

/** `:name`, without its colon. */
export interface EdnKeyword {
  readonly kind: "keyword";
  readonly name: string;
}

export interface EdnMap {
  readonly kind: "map";
  readonly entries: readonly (readonly [key: EdnValue, value: EdnValue])[];
}

/** `#tag value`. */
export interface EdnTagged {
  readonly kind: "tagged";
  readonly tag: string;
  readonly value: EdnValue;
}

/** Whether a value is an object of that kind. */
export function isKind<Kind extends EdnObject["kind"]>(
  value: EdnValue | undefined,
  kind: Kind,
): value is Extract<EdnObject, { kind: Kind }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}

export function isVector(value: EdnValue | undefined): value is readonly EdnValue[] {
  return Array.isArray(value);
}

export const characterNames = {
  ...{ newline: "\n", return: "\r", space: " ", tab: "\t", backspace: "\b", formfeed: "\f" },
} as const satisfies Record<string, string>;
