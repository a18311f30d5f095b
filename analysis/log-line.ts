/** What pino puts into a line. */
interface LogLine {
  readonly level?: unknown;
  readonly msg?: unknown;
  readonly err?: { readonly message?: unknown };
}

/** What a structured line holds; null of another, and of one that was cut when its node was killed. */
export function parseLogLine(line: string): LogLine | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
}

/** What a structured line says to people; null where it says nothing, or is not structured. */
export function messageOfLine(line: string): string | null {
  const { msg, err } = parseLogLine(line) ?? {};
  const [first, second] = [msg, err?.message].filter((part): part is string => typeof part === "string" && part !== "");
  if (first === undefined) return null;
  // An error's own words are often a part of the message already.
  return second === undefined || first.includes(second) ? first : `${first}: ${second}`;
}
