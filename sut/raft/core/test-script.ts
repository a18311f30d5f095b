/**
 * Scripts in the "datadriven" style of etcd's tests: a command with arguments, lines of input, `----`, then the expected
 * output up to a blank line. The format is described beside the scripts, in fixtures/README.md.
 */
export interface ScriptCase {
  /** Where the command stands, counted from 1. */
  readonly line: number;
  readonly command: string;
  /** Arguments without a name, in order. */
  readonly words: readonly string[];
  /** Named arguments; `x=(1,2)` has two values, `x=1` one. */
  readonly args: ReadonlyMap<string, readonly string[]>;
  readonly input: string;
  readonly expected: string;
}

export function readScript(text: string): ScriptCase[] {
  const lines = text.split("\n");
  const cases: ScriptCase[] = [];
  for (let at = 0; at < lines.length; at++) {
    const directive = lines[at] ?? "";
    if (directive === "" || directive.startsWith("#")) continue;
    const divider = lines.indexOf("----", at);
    const end = lines.indexOf("", divider);
    const [command = "", ...rest] = directive.match(/[^\s=]+=\([^)]*\)|\S+/g) ?? [];
    cases.push({
      line: at + 1,
      command,
      words: rest.filter((word) => !/^[\w-]+=/.test(word)),
      args: new Map(rest.flatMap((word) => namedArgument(word))),
      input: lines.slice(at + 1, divider).join("\n"),
      expected: lines.slice(divider + 1, end < 0 ? lines.length : end).join("\n"),
    });
    at = end < 0 ? lines.length : end;
  }
  return cases;
}

function namedArgument(word: string): [string, string[]][] {
  const [, name = "", value = ""] = /^([\w-]+)=(.*)$/.exec(word) ?? [];
  if (name === "") return [];
  const values = value.startsWith("(") ? value.slice(1, -1).split(/[\s,]+/) : [value];
  return [[name, values.filter((item) => item !== "")]];
}
