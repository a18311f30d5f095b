import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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

const pages = files.filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md");

test("documents are in plain English", () => {
  expect(pages.flatMap((file) => objections(file, text(file).split("\n")))).toEqual([]);
});

test("help is in plain English", () => {
  const root = createProgram();
  const commands = [root, ...root.commands, ...root.commands.flatMap(({ commands: nested }) => nested)];
  const help = commands.flatMap((command) => objections(command.name(), command.helpInformation().split("\n")));
  expect(help).toEqual([]);
});

const sources = files.filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^(bench|tests)\/|test-support|\/test-/.test(file),
);

test("messages are in plain English", () => {
  const messages = sources.flatMap((file) => objections(file, text(file).split("\n").map(literals)));
  expect(messages).toEqual([]);
});

test("the text of pages is in plain English, also where it spans lines", () => {
  const pages = sources.filter((file) => file.endsWith(".tsx"));
  expect(pages).toContain("reports/run/view/Inside.tsx");
  expect(pages.flatMap((file) => objections(file, pageText(text(file))))).toEqual([]);
});

/** What a page shows between its tags and between what it computes, each line in its place. */
function pageText(source: string): readonly string[] {
  const lines = source.split("\n").map(() => "");
  for (const { 1: words = "", index } of source.matchAll(/[>}]([^<>{}]+)(?=[<{])/g)) {
    const first = source.slice(0, index).split("\n").length - 1;
    for (const [at, line] of words.split("\n").entries()) lines[first + at] += ` ${line}`;
  }
  return lines;
}

/** What stands between quotation marks on a line, or between the tags of a page; without code in it, and without imports. */
function literals(line: string): string {
  if (/^\s*(\*|\/\/|import |export .* from )/.test(line)) return "";
  const quoted = [...line.matchAll(/"([^"]*)"|`([^`]*)`|>([^<>{}]*)</g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? "",
  );
  return quoted.map((words) => words.replaceAll(/\$\{[^}]*\}/g, "…")).join(" | ");
}
