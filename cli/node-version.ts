import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** As `engines` in package.json says. */
export const oldestNode = 24;

/**
 * Why this version of Node cannot run Keelhaul, and how to get one that can; null when it can. Everything that this file
 * and its callers import has to load on any Node: elsewhere an older one fails at an import, before a line of ours runs.
 */
export function nodeProblem(version: string, folder: string): string | null {
  if (Number.parseInt(version.replace(/^v/, ""), 10) >= oldestNode) return null;
  return (
    `needs Node ${oldestNode} or newer, and this is ${version}. ` +
    `Install Node ${oldestNode}, or run \`${remedy(folder)}\` here: npx and npm scripts then use it.`
  );
}

/**
 * Installs Node as a package, whose bin folder npx and npm scripts search first. The package fetches its binary in an
 * install script, which npm 12 runs only with `allowScripts`; npm 10 and 11 ignore that field.
 */
function remedy(folder: string): string {
  const init = hasManifest(resolve(folder)) ? "" : "npm init --yes && ";
  return `${init}npm pkg set allowScripts.node=true --json && npm install --save-dev node@${oldestNode}`;
}

/** Whether npm finds a project in the folder or above it. */
function hasManifest(folder: string): boolean {
  if (existsSync(join(folder, "package.json"))) return true;
  return dirname(folder) !== folder && hasManifest(dirname(folder));
}
