import { expect, test } from "vitest";
import { systemCatalog } from "./catalog.ts";
import { systems } from "./registry.ts";

test("the catalog has every system of the registry, with its read modes", () => {
  expect(systemCatalog).toEqual(
    systems.map(({ name, readModes, defaultReadMode }) => ({ name, readModes, defaultReadMode })),
  );
});
