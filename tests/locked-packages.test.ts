import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const lockFile = join(import.meta.dirname, "..", "package-lock.json");
const { packages } = JSON.parse(readFileSync(lockFile, "utf8")) as { packages: Record<string, { integrity?: string }> };

/** npm leaves it out for packages of other platforms when it makes the file from what is installed. */
test("every locked package has an integrity, so that npm installs what was reviewed", () => {
  const locked = Object.entries(packages).filter(([path]) => path !== "");
  expect(locked.length).toBeGreaterThan(100);
  expect(locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? "")).map(([path]) => path)).toEqual([]);
});
