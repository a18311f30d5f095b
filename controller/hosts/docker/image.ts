import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { bundlesFolder } from "../agent/bundles.ts";

const packageFolder = dirname(dirname(bundlesFolder()));

/** The image that nodes run in. */
export function imageName(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  return `keelhaul-node:${version}`;
}

/** Builds the image when it is missing or was built from other files; some 30 s the first time. Returns its name. */
export async function ensureImage(): Promise<string> {
  const image = imageName();
  await execa("bash", [join(packageFolder, "docker", "build-image.sh"), image]);
  return image;
}
