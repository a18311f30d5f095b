import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the installed package, named from its root: works from the sources and from `dist/` alike. */
export function projectFile(...parts: string[]): string {
  return join(projectRoot(dirname(fileURLToPath(import.meta.url))), ...parts);
}

function projectRoot(from: string): string {
  if (existsSync(join(from, "package.json"))) return from;
  const above = dirname(from);
  if (above === from) throw new Error("keelhaul is not installed completely: its package.json is missing");
  return projectRoot(above);
}
