import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeProblem, oldestNode } from "./node-version.ts";

const remedy = "npm pkg set allowScripts.node=true --json && npm install --save-dev node@24";

test("the oldest Node is the one that package.json requires", () => {
  const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));
  expect(engines.node).toBe(`>=${oldestNode}`);
});

test.each(["v24.0.0", "v24.21.0", "v26.1.0"])("%s can run it", (version) => {
  expect(nodeProblem(version, import.meta.dirname)).toBeNull();
});

test.each(["v18.20.0", "v20.20.2", "v22.23.5"])(
  "%s cannot, and the sentence says how to get one that can",
  (version) => {
    expect(nodeProblem(version, import.meta.dirname)).toBe(
      `needs Node 24 or newer, and this is ${version}. Install Node 24, or run \`${remedy}\` here: npx and npm scripts then use it.`,
    );
  },
);

test("a folder without a project gets one first, since npm changes no settings without one", () => {
  const folder = mkdtempSync(join(tmpdir(), "keelhaul-node-"));
  try {
    expect(nodeProblem("v20.0.0", folder)).toContain(`\`npm init --yes && ${remedy}\``);
    writeFileSync(join(folder, "package.json"), "{}");
    expect(nodeProblem("v20.0.0", folder)).toContain(`\`${remedy}\``);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
