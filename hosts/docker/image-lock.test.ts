import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = join(import.meta.dirname, "..", "..", "docker", "build-image.sh");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-image-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("building the image follows no link that another user planted in the temporary folder", async () => {
  const victim = join(folder, "victim");
  await writeFile(victim, "precious");
  await symlink(victim, join(folder, "keelhaul-image.lock"));
  await writeFile(join(folder, "docker"), "#!/bin/sh\nexit 0\n");
  await chmod(join(folder, "docker"), 0o755);
  const env = { PATH: `${folder}:${process.env["PATH"]}`, TMPDIR: folder, KEELHAUL_IMAGE_BASE: "registry" };
  const { stdout } = await promisify(execFile)("bash", [script, "image:test"], { env });
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("image:test built from node:24-bookworm-slim");
  expect(await readFile(victim, "utf8")).toBe("precious");
});
