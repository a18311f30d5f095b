import { defineConfig } from "vitest/config";

/** The package as npm installs it, under several versions of Node. Needs the npm registry, or its cache. */
export default defineConfig({
  test: { include: ["tests/package*.test.ts"], testTimeout: 300_000, hookTimeout: 600_000, fileParallelism: false },
});
