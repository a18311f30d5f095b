import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";
import { reports } from "./registry.ts";

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const kinds = Object.keys(reports);
const kindOf = (file: string): string | undefined => kinds.find((kind) => file.startsWith(kind + sep));

test("each kind is a folder of its own, with a view that the page finds by the kind's name", () => {
  expect(Object.values(reports).map(({ name }) => name)).toEqual(kinds);
  const views = files.flatMap((file) => (file.endsWith(join("view", "index.tsx")) ? [file.split(sep)[0]!] : []));
  expect(views.toSorted()).toEqual(kinds.toSorted());
});

test("nothing but the registry's line knows a kind", () => {
  const known = files.flatMap((file) => {
    if (file.endsWith(".test.ts")) return [];
    const imports = [...readFileSync(join(folder, file), "utf8").matchAll(/from "(\.[^"]+)"/g)];
    const targets = imports.map(([, target]) => relative(folder, join(folder, dirname(file), target!)));
    return targets.flatMap((target) => {
      const kind = kindOf(target);
      return kind === undefined || kind === kindOf(file) ? [] : [`${file} imports ${target}`];
    });
  });
  expect(known).toEqual(kinds.map((kind) => `registry.ts imports ${join(kind, "report.ts")}`).toSorted());
});
