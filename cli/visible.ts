/**
 * Characters that a terminal obeys or that change the order in which others are shown: control characters but tab and
 * line feed, and those that set the direction of writing.
 */
const obeyed = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * The text as a terminal may get it: names, values and messages come from histories, nodes and files of others. Shown as
 * JSON writes them, so that JSON stays what it was.
 */
export function visible(text: string): string {
  return text.replace(obeyed, escaped);
}

/** The same for what belongs on one line: a line feed in a name could forge the next one. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\n/g, "\\n");
}

/** A value with each of its strings as `visibleLine` shows it. */
export function withVisibleStrings<Value>(value: Value): Value {
  return mapStrings(value) as Value;
}

function mapStrings(value: unknown): unknown {
  if (typeof value === "string") return visibleLine(value);
  if (Array.isArray(value)) return value.map(mapStrings);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapStrings(inner)]));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
