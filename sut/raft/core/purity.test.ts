import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = import.meta.dirname;
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
);

test.each(sources)("%s imports only the core, and sees no clock, chance, console or promise", (file) => {
  const code = readFileSync(join(folder, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  const depth = file.split("/").length - 1;
  for (const [, path = ""] of code.matchAll(/from "([^"]+)"/g)) {
    expect(path, "import").toMatch(/^\.\.?\//);
    expect(path.split("../").length - 1, "steps out of the core").toBeLessThanOrEqual(depth);
  }
  const withoutTexts = code.replaceAll(/"[^"\n]*"/g, '""');
  expect(withoutTexts).not.toMatch(
    /\b(Date|Math\.random|performance|console|process|async|await|Promise|setTimeout|import\()/,
  );
});
