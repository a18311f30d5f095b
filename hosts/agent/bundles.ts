import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectFile } from "../project-file.ts";

const programPrefix = "node:";

/** `dist/bundles` of this package, from the sources as well as from what they were compiled to. */
export function bundlesFolder(): string {
  return projectFile("dist", "bundles");
}

/**
 * The command for a `ProcessSpec`: `node:NAME` is a bundle, run under Node; else a program of the node's own.
 * `bundles` is the folder as the node sees it.
 */
export function commandOf(program: string, args: readonly string[], at: { node: string; bundles: string }) {
  if (!program.startsWith(programPrefix)) return { command: program, args };
  return { command: at.node, args: [join(at.bundles, program.slice(programPrefix.length)), ...args] };
}

/** Throws, with the remedy, when a bundle has not been built. `bundles` is the folder as the controller sees it. */
export function requireBundle(program: string, bundles: string): void {
  if (!program.startsWith(programPrefix)) return;
  const file = join(bundles, program.slice(programPrefix.length));
  if (!existsSync(file)) throw new Error(`${file} is not there: run \`npm run build\``);
}
