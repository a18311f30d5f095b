import leven from "leven";
import { quote } from "./quote.ts";

/** A name that differs in more than this share of its letters is another name, not a slip of the hand. */
const mostDiffers = 0.4;
/** So many letters of a name's beginning stand for all of it. */
const telling = 2;

/** The name that was probably meant, if one is near enough; letter case and dashes count for nothing. */
export function closest(typed: string, names: readonly string[]): string | null {
  const wanted = folded(typed);
  const ranked = names
    .map((name) => ({ name, share: differingShare(wanted, folded(name)) }))
    .sort((one, other) => one.share - other.share);
  const [best] = ranked;
  return best !== undefined && wanted !== "" && best.share <= mostDiffers ? best.name : null;
}

/** How much of a name is typed otherwise. Letters that changed places, and a name cut short, are one slip. */
function differingShare(typed: string, name: string): number {
  const cutShort = typed.length >= telling && name.startsWith(typed);
  const slips = cutShort || lettersOf(typed) === lettersOf(name) ? Math.min(1, leven(typed, name)) : leven(typed, name);
  return slips / Math.max(typed.length, name.length);
}

function lettersOf(name: string): string {
  return [...name].sort().join("");
}

function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** What was typed in place of a name, the name that was probably meant, and what is allowed. */
export function unknownName(typed: unknown, names: readonly string[], expected: string): string {
  return `got ${quote(typed)}; ${expectedName(typed, names, expected)}`;
}

/** The same without what was typed, for messages that begin with it. */
export function expectedName(typed: unknown, names: readonly string[], expected: string): string {
  const meant = typeof typed === "string" ? closest(typed, names) : null;
  return meant === null ? `expected ${expected}` : `did you mean ${quote(meant)}? Expected ${expected}`;
}
