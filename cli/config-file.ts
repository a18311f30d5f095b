import { readFile } from "node:fs/promises";
import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { UsageError } from "../errors/errors.ts";
import { camelCase, dashed } from "../errors/option-names.ts";
import { unknownKey } from "../errors/parse-with.ts";
import { quote } from "../errors/quote.ts";
import { describeSystemError, isSystemError } from "../errors/system-error.ts";

/** Options from a file, and where in it each stands. */
export interface OptionFile {
  /** By their names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The place of an option, or of what is inside of one, as messages name it. */
  placeOf(path: readonly PropertyKey[]): string;
}

/**
 * Reads a YAML file of options, whose names may be spelled as on the command line (`read-mode`) or in a program (`readMode`).
 * Throws a UsageError that names the file and the line.
 */
export async function readConfigFile(file: string, known: readonly string[]): Promise<OptionFile> {
  const lines = new LineCounter();
  const document = parseDocument(await contentOf(file), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined): string =>
    offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error !== undefined) throw new UsageError(`${at(error.pos[0])}: not valid YAML: ${oneLine(error.message)}`);
  const root = document.contents;
  if (!isMap(root)) {
    throw new UsageError(`${file}: got ${quote(document.toJS())}; expected options, one a line, such as \`nodes: 5\``);
  }
  const options: Record<string, unknown> = {};
  const keys = new Map<string, Node>();
  for (const { key } of root.items) {
    const typed = isScalar(key) ? String(key.value) : String(key);
    const name = camelCase(typed);
    const place = at((key as Node).range?.[0]);
    if (!known.includes(name))
      throw new UsageError(`${place}: ${typed}: ${unknownKey(typed, known.map(dashed), "option")}`);
    if (keys.has(name)) throw new UsageError(`${place}: ${typed}: the same option is given twice; keep one of the two`);
    keys.set(name, key as Node);
    options[name] = root.toJSON()[typed];
  }
  return {
    options,
    placeOf: ([option, ...inside]) => {
      const key = keys.get(String(option));
      const innermost = document.getIn([isScalar(key) ? key.value : option, ...inside], true) as Node | undefined;
      const name = [dashed(String(option)), ...inside.map(String)].join(".");
      return `${at((innermost ?? key)?.range?.[0])}: ${name}`;
    },
  };
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw isSystemError(error) ? new UsageError(`--config: ${describeSystemError(error, file)}`) : error;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
