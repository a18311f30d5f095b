/** Text as JSON. What is wrong with it is said on one line, though the text may have many. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = (cause as SyntaxError).message.replaceAll(/\s+/g, " ");
    throw new SyntaxError(`not valid JSON: ${why}`, { cause });
  }
}
