import { afterEach, expect, it, vi } from "vitest";
import { UsageError } from "../../errors/errors.ts";
import { probe } from "../probe.ts";
import { ensureUsable } from "../requirements.ts";
import { docker } from "./backend.ts";
import { cleanDocker } from "./clean.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("says in one sentence that no daemon answers, and where it was looked for", async () => {
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  const reason = "no daemon answers at unix:///nowhere/docker.sock";
  const remedy = "start Docker (on Debian, as root: docker/ensure-docker.sh)";
  await expect(ensureUsable(docker, {})).rejects.toThrow(new UsageError(`docker: ${reason}; ${remedy}`));
  const { requirements, capabilities } = await probe(docker);
  expect(requirements.at(-1)).toEqual({ name: "daemon", finding: { works: false, reason, remedy } });
  expect(capabilities.cut).toEqual({ works: false, reason, remedy });
  expect(await cleanDocker()).toEqual({ removed: [], leftAlone: [] });
});
