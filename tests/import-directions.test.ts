import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file.includes("/") && !/\.test\.tsx?$|(^|\/)test-(support|cluster)/.test(file));

const everything = "everything";

/** The table of ARCHITECTURE.md: what each folder may import besides itself. */
const allowed: ReadonlyMap<string, readonly string[] | typeof everything> = new Map(
  readFileSync(join(root, "ARCHITECTURE.md"), "utf8")
    .split("\n")
    .flatMap((line) => {
      const row = /^\| `([\w/.*-]+)\/` \|.*\| ([^|]*) \|$/.exec(line);
      return row === null ? [] : [[row[1]!, namedIn(row[2]!)] as const];
    }),
);

function namedIn(cell: string): readonly string[] | typeof everything {
  if (cell === everything) return everything;
  if (cell === "nothing") return [];
  const names = cell.split(", ").map((name) => /^`([\w/.*-]+)`$/.exec(name)?.[1]);
  if (names.includes(undefined))
    throw new Error(`ARCHITECTURE.md: ${cell} is neither a list of folders nor a word for it`);
  return names.filter((name) => name !== undefined);
}

/** The longest folder of the table that the file lies in. */
function folderOf(file: string): string | undefined {
  return [...allowed.keys()].filter((folder) => isIn(folder, file)).sort((one, other) => other.length - one.length)[0];
}

/** Whether a path is that of the table, in which `*` stands for any one folder, or lies in it. */
function isIn(folder: string, path: string): boolean {
  const parts = path.split("/");
  return folder.split("/").every((part, at) => parts[at] !== undefined && (part === "*" || part === parts[at]));
}

function relativeImports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) => specifier!);
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}

test("imports point only in the direction that ARCHITECTURE.md allows", () => {
  const wrong = sources.flatMap((file) => {
    const folder = folderOf(file)!;
    const others = allowed.get(folder)!;
    if (others === everything) return [];
    return relativeImports(file)
      .filter((target) => ![folder, ...others].some((other) => isIn(other, target)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

test("every folder of sources stands in the table of ARCHITECTURE.md", () => {
  expect(sources.filter((file) => folderOf(file) === undefined)).toEqual([]);
});

test("no folder may import one that may import it", () => {
  const top = (path: string): string => path.split("/")[0]!;
  const edges = [...allowed].flatMap(([folder, others]) =>
    others === everything ? [] : others.map((other) => [top(folder), top(other)] as const),
  );
  const above = (folder: string): readonly string[] => edges.flatMap(([one, other]) => (other === folder ? [one] : []));
  const reachedFrom = (folder: string): ReadonlySet<string> => {
    const reached = new Set<string>();
    const open = [folder];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const one of above(next)) {
        if (!reached.has(one)) open.push(one);
        reached.add(one);
      }
    }
    return reached;
  };
  const circles = edges.filter(([one, other]) => one !== other && reachedFrom(one).has(other));
  expect(circles).toEqual([]);
});
