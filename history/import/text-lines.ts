/** The lines of a text that arrives in pieces, without their ends, counted from 1. */
export function* textLines(pieces: Iterable<string>): Generator<{ readonly text: string; readonly line: number }> {
  let rest = "";
  let line = 0;
  for (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { text, line: ++line };
  }
  if (rest !== "") yield { text: rest, line: ++line };
}
