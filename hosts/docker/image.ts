import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExecaError, execa } from "execa";
import { bundlesFolder } from "../agent/bundles.ts";
import { connectEngine } from "./engine.ts";

const packageFolder = dirname(dirname(bundlesFolder()));

/** The image that nodes run in. */
export function imageName(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  return `keelhaul-node:${version}`;
}

/**
 * Builds the image when it is missing or was built from other files: half a minute to 3 minutes the first time. `onStep` hears
 * what is done. Returns the image's name.
 */
export async function ensureImage(onStep: (step: string) => void): Promise<string> {
  const image = imageName();
  const script = join(packageFolder, "docker", "build-image.sh");
  try {
    const building = execa("bash", [script, image], { env: { KEELHAUL_NODE: process.execPath }, all: true });
    for await (const line of building.iterable()) {
      if (line.startsWith(stepMark)) onStep(line.slice(stepMark.length));
    }
    await building;
  } catch (error) {
    const said = error instanceof ExecaError ? lastLines(String(error.all)) : String(error);
    throw new Error(`docker: ${image} could not be built by ${script}: ${said}`, { cause: error });
  }
  return image;
}

/** The image's name. Throws when the Engine has none of it; what ours was built from is checked by the next run. */
export async function presentImage(image = imageName()): Promise<string> {
  const docker = await connectEngine();
  const images = await docker.listImages({ filters: { reference: [image] } });
  if (images.length === 0) throw new Error(`there is no image ${image}`);
  return image;
}

const stepMark = "step: ";

function lastLines(output: string): string {
  const lines = output.trim().split("\n");
  return lines
    .filter((line) => !line.startsWith(stepMark))
    .slice(-5)
    .join("\n");
}
