import { configDefaults, defineConfig } from "vitest/config";

/**
 * Everything that a machine with npm alone can run; what needs Docker is in `vitest.docker.config.ts`,
 * what installs the package in `vitest.package.config.ts`.
 */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: [...configDefaults.exclude, "dist/**", "store/*/**", "tests/docker*.test.ts", "tests/package*.test.ts"],
    testTimeout: 30_000,
  },
});
