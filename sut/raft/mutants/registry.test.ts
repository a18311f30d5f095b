import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { enablingOptions } from "../../../controller/plan/enabling.ts";
import { makePlan } from "../../../controller/plan/plan.ts";
import { rules } from "../core/rules.ts";
import { ruleComments } from "../core/test-rule-comments.ts";
import { kvRules } from "../kv/rules.ts";
import { duties } from "../node/duties.ts";
import type { Mutant } from "./mutant.ts";
import { conductOf, mutants } from "./registry.ts";
import { catalogue } from "./test-support/catalogue.ts";

const root = join(import.meta.dirname, "../../..");
const correct = { ...rules, ...duties, ...kvRules };

/** What a mutant replaces. */
function replacedBy({ rules = {}, duties = {}, kvRules = {} }: Mutant): string[] {
  return Object.keys({ ...rules, ...duties, ...kvRules });
}

test("ids are unique, and letters tell apart several ways to break the same", () => {
  const ids = mutants.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^M\d\d[b-z]?$/.test(id))).toEqual([]);
  expect(ids.filter((id) => !ids.includes(id.slice(0, 3)))).toEqual([]);
});

test.each(mutants.map((mutant) => [mutant.id, mutant] as const))("%s replaces one rule or duty", (id, mutant) => {
  const [replaced, ...others] = replacedBy(mutant);
  expect(others).toEqual([]);
  const before = conductOf();
  const after = conductOf(id);
  const all = (conduct: typeof before) => Object.entries({ ...conduct.rules, ...conduct.duties, ...conduct.kvRules });
  const changed = all(after).filter(([name, rule]) => rule !== correct[name as keyof typeof correct]);
  expect(changed.map(([name]) => name)).toEqual([replaced]);
  expect(all(after)).toHaveLength(all(before).length);
});

test("a node that is no mutant goes by the very rules that are tested", () => {
  expect(conductOf().rules).toBe(rules);
  expect(conductOf().duties).toBe(duties);
  expect(conductOf().kvRules).toBe(kvRules);
});

test("an unknown id is refused with those that there are", () => {
  expect(() => conductOf("M99")).toThrow(/^there is no mutant M99; expected one of M01, M02, /);
});

test.each(mutants.map((mutant) => [mutant.id, mutant] as const))("%s enables a plan that can be run", (id, mutant) => {
  const control = makePlan({ ...enablingOptions(mutant.enabling), backend: "sim" }, 1);
  const plan = makePlan({ mutant: id, backend: "sim" }, 1);
  expect(plan.mutant?.id).toBe(id);
  const { mutant: _, ...rest } = plan;
  expect(rest).toEqual(control);
});

test("the comment at each rule and duty names the mutants that break it", () => {
  const folder = join(root, "sut/raft");
  const files = [
    ...readdirSync(join(folder, "core/rules")).map((file) => `core/rules/${file}`),
    "kv/rules.ts",
    "node/duties.ts",
  ];
  const comments = files.flatMap((file) => ruleComments(readFileSync(join(folder, file), "utf8")));
  const told = Object.fromEntries(comments.map(({ rule, mutants: ids }) => [rule, ids.match(/M\d\d[a-z]?/g) ?? []]));
  const breakers = Object.keys(correct).map((name) => {
    const breaking = mutants.filter((mutant) => replacedBy(mutant).includes(name));
    return [name, breaking.map(({ id }) => id)] as const;
  });
  expect(told).toEqual(Object.fromEntries(breakers));
});

test("those that are not expected to show outside say why, and no others", () => {
  const silent = mutants.filter((mutant: Mutant) => !mutant.expected.blackBox);
  expect(mutants.filter((mutant: Mutant) => mutant.missed !== undefined)).toEqual(silent);
});

test("docs/mutants.md has the catalogue as it is", () => {
  expect(readFileSync(join(root, "docs/mutants.md"), "utf8")).toContain(catalogue(mutants));
});
