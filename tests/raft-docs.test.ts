import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ruleComments } from "../sut/raft/core/test-rule-comments.ts";
import { knobsSchema } from "../sut/raft/node/knobs.ts";

const root = join(import.meta.dirname, "..");
const text = (path: string) => readFileSync(join(root, path), "utf8");
const guide = text("docs/raft.md");

/** By what a knob's name ends with, or speaks of. */
const units: readonly (readonly [RegExp, string])[] = [
  [/Ms$/, "ms"],
  [/Bytes/, "bytes"],
  [/Percent$/, "%"],
  [/Entries/i, "entries"],
  [/Sessions$/, "sessions"],
  [/Window$/, "messages"],
];

test("docs/raft.md lists every knob, with unit, default and what it does", () => {
  const rows = Object.entries(knobsSchema.shape).map(([name, knob]) => {
    const initial = knob.parse(undefined);
    const unit = units.find(([pattern]) => pattern.test(name))?.[1];
    expect(typeof initial === "boolean" ? "true or false" : unit, `the unit of ${name}`).toBeDefined();
    return `| \`${name}\` | ${unit ?? ""} | ${initial} | ${knob.description} |`;
  });
  expect(guide).toContain(["| knob | unit | default | what it does |", "|---|---|---|---|", ...rows, ""].join("\n"));
});

const core = readdirSync(join(root, "sut/raft/core/rules")).sort();
const files = [...core.map((file) => `core/rules/${file}`), "kv/rules.ts", "node/duties.ts"];

const testsOf: Readonly<Record<string, string>> = {
  "kv/rules.ts": "kv/sessions.test.ts",
  "node/duties.ts": "node/duties.test.ts",
};

test.each(files)("docs/raft.md lists every rule of %s, with section, test and mutants", (file) => {
  const rules = ruleComments(text(`sut/raft/${file}`));
  const tests = text(`sut/raft/${testsOf[file] ?? "core/rules.test.ts"}`);
  for (const { rule } of rules) expect(tests, `a test named like ${rule}`).toContain(rule);
  const rows = rules.map(({ rule, section, says, mutants }) => `| \`${rule}\` | ${section} | ${says} | ${mutants} |`);
  const table = [`| ${file} | section | what it says | mutants |`, "|---|---|---|---|", ...rows, ""];
  expect(guide).toContain(table.join("\n"));
});
