import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExecaError, execa } from "execa";
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
  const script = join(packageFolder, "docker", "build-image.sh");
  try {
    await execa("bash", [script, image], { env: { KEELHAUL_NODE: process.execPath }, all: true });
  } catch (error) {
    const said = error instanceof ExecaError ? lastLines(String(error.all)) : String(error);
    throw new Error(`docker: ${image} could not be built by ${script}: ${said}`, { cause: error });
  }
  return image;
}

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-5).join("\n");
}
