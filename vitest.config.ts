import { configDefaults, defineConfig } from "vitest/config";
import { patienceMs } from "./tests/test-support/patience.ts";

/**
 * Everything that a machine with npm alone can run; what needs Docker is in `vitest.docker.config.ts`,
 * what installs the package in `vitest.package.config.ts`.
 */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: [...configDefaults.exclude, "dist/**", "store/*/**", "tests/docker*.test.ts", "tests/package*.test.ts"],
    // Vitest leaves one core free for itself; many of these tests wait for nodes and terminals instead.
    maxWorkers: "100%",
    // V8 ends the process now and then (`jit_page.has_value()`) where processors protect the memory of code and threads come and go.
    execArgv: ["--no-memory-protection-keys"],
    // Only a hang takes that long: a test waits for events, and how fast they come is the machine's business.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: patienceMs } },
  },
});
