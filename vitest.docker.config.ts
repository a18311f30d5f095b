import { defineConfig } from "vitest/config";

/** What needs a Docker Engine: `docker/ensure-docker.sh` installs and starts one. */
export default defineConfig({
  test: { include: ["tests/docker*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false },
});
