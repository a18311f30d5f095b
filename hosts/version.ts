import { readFileSync } from "node:fs";
import { projectFile } from "./project-file.ts";

/** The version of this package. */
export function keelhaulVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(projectFile("package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
