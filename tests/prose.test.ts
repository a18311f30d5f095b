import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";
import { createProgram } from "../cli/program/program.ts";

const root = join(import.meta.dirname, "..");

/** Words that make a reader stop; beside each, a plain one. */
const plainer: readonly (readonly [RegExp, string])[] = [
  [/\bwhoever\b/i, "any client that …, the node that …"],
  [/\bof one mind\b/i, "agree, converge"],
  [/\b(ended|ends|end) by (itself|themselves)\b/i, "crash, exit"],
  [/\bdecide[sd]? nothing\b/i, "inconclusive"],
  [/\bshows? outside\b/i, "externally visible"],
  [/\bbrought along\b/i, "given, fixed in advance"],
  [/\b(tells?|told) of\b/i, "report, show"],
  [/\b(a look|looks?|looked) at\b/i, "observe, inspect, read"],
  [/\bparts? of a hundred\b/i, "share, percentage"],
  [/\bwhole again\b/i, "healed, repaired"],
  [/\bdeeds?\b/i, "action, injection"],
  [/\b(is|are) to be\b/i, "must be, is expected to be"],
  [/\bleft out\b/i, "omitted, disabled"],
  [/\bmend(s|ed|ing)?\b/i, "heal, repair"],
  [/\btold\b/i, "reported, shown, known"],
  [/\bnoticed\b/i, "detected, observed"],
  [/\bby itself\b/i, "automatically, or name who does it"],
];

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");
const text = (file: string): string => readFileSync(join(root, file), "utf8");

function objections(place: string, lines: readonly string[]): string[] {
  return lines.flatMap((line, at) =>
    plainer.flatMap(([word, instead]) => {
      const [found] = word.exec(line) ?? [];
      return found === undefined ? [] : [`${place}:${at + 1}: "${found}"; write: ${instead}`];
    }),
  );
}

const documents = files.filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md");

test("documents are in plain English", () => {
  expect(documents.flatMap((file) => objections(file, text(file).split("\n")))).toEqual([]);
});

test("what changed since the last release is reported in plain English", () => {
  const [, unreleased] = text("CHANGELOG.md").split(/^## /m);
  expect(unreleased).toMatch(/^Unreleased\n/);
  expect(objections("CHANGELOG.md, Unreleased", unreleased!.split("\n"))).toEqual([]);
});

test("the changelog lists no change twice", () => {
  const [, ...changes] = text("CHANGELOG.md").split(/^- /m);
  const same = Map.groupBy(changes, (change) =>
    change
      .split(/\n\n|\n#/)[0]!
      .replaceAll(/\s+/g, " ")
      .trim(),
  );
  expect([...same].filter(([, { length }]) => length > 1).map(([change]) => change)).toEqual([]);
});

test("help is in plain English", () => {
  expect(withSubcommands(createProgram()).flatMap((command) => objections(command.name(), helpOf(command)))).toEqual(
    [],
  );
});

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** As wide as its longest line, so that no phrase is broken in two. */
function helpOf(command: Command): readonly string[] {
  const unbroken = command.configureOutput({ getOutHelpWidth: () => 10_000 });
  return unbroken.helpInformation().split("\n");
}

const sources = files.filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^(bench|tests)\/|test-support|\/test-/.test(file),
);

test("messages, and the text of pages, are in plain English", () => {
  expect(sources).toContain("reports/run/view/Inside.tsx");
  expect(sources.flatMap((file) => objections(file, phrases(file, text(file))))).toEqual([]);
});

test("a phrase is found in quotation marks of each kind, in tags, and where it spans lines", () => {
  const source = [
    'import "./left out.ts";',
    "const one = 'a \"told\" word'; // told",
    "const two = `it was",
    "  left out $" + "{one}`;",
    "const page = (",
    '  <p title="whole again">',
    "    the rule is",
    "    left out",
    "  </p>",
    ");",
  ].join("\n");
  expect(objections("x.tsx", phrases("x.tsx", source)).map((found) => found.split(";")[0])).toEqual([
    'x.tsx:2: "told"',
    'x.tsx:3: "left out"',
    'x.tsx:6: "whole again"',
    'x.tsx:6: "left out"',
  ]);
});

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** What a source says in words, each phrase on the line on which it begins; without code, comments and imports. */
function phrases(file: string, source: string): readonly string[] {
  const lines = source.split("\n").map(() => "");
  const say = ({ start }: Node, words: string): void => {
    lines[source.slice(0, start).split("\n").length - 1] += ` | ${words.replaceAll(/\s+/g, " ")}`;
  };
  const visit = (node: Node): void => {
    if (node.type === "Literal" && typeof node["value"] === "string") say(node, node["value"]);
    if (node.type === "TemplateLiteral") say(node, nodesIn(node["quasis"]).map(cooked).join("…"));
    if (node.type === "JSXElement") say(node, nodesIn(node["children"]).map(shown).join(""));
    for (const [field, inner] of Object.entries(node)) {
      if (!(field === "source" && /^(Im|Ex)port/.test(node.type))) for (const each of nodesIn(inner)) visit(each);
    }
  };
  visit(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }) as unknown as Node);
  return lines;
}

/** The nodes that a field of a node holds, one or several. */
function nodesIn(field: unknown): readonly Node[] {
  return [field].flat().filter((each): each is Node => typeof each === "object" && each !== null && "type" in each);
}

function cooked({ value }: Node): string {
  return String(Object(value).cooked);
}

/** What a page shows of a child of one of its elements: its text, and a gap for what is computed or an element itself. */
function shown({ type, value }: Node): string {
  return type === "JSXText" ? String(value) : "…";
}
