import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { models } from "./models/registry.ts";
import { checkers } from "./registry.ts";
import { modelNames } from "./transactions/model-table.ts";

test("docs/checkers.md names every checker, model and consistency model, and no other checker", () => {
  const page = readFileSync(join(import.meta.dirname, "../docs/checkers.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
  const named = Object.keys(checkers).filter((name) => !name.startsWith("linearizable-"));
  expect(rows.toSorted()).toEqual([...named, "linearizable-MODEL"].toSorted());
  const search = page.split("\n").find((line) => line.startsWith("| `linearizable-MODEL`"));
  expect(search).toContain(Object.keys(models).join(", "));
  for (const name of modelNames) expect(page).toContain(name);
});
