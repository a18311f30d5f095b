import { afterEach, expect, it, vi } from "vitest";
import { UsageError } from "../../errors/errors.ts";
import { cleanDocker } from "./clean.ts";
import { dockerDoctor } from "./doctor.ts";
import { connectEngine } from "./engine.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("says in one sentence that no daemon answers, and where it was looked for", async () => {
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  const sentence = "docker: no daemon answers at unix:///nowhere/docker.sock; start it, or see `keelhaul doctor`";
  await expect(connectEngine()).rejects.toThrow(new UsageError(sentence));
  expect(await dockerDoctor()).toMatchObject([{ what: "daemon", works: false, detail: sentence }]);
  expect(await cleanDocker()).toEqual({ removed: [], leftAlone: [] });
});
