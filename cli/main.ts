#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";

const oldestNode = 24;

/** Loads the command only where it can run: an older Node fails at the first import, with a stack trace. */
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  const remedy = "`npx keelhaul` and npm scripts use the one that npm installed";
  process.stderr.write(`keelhaul: needs Node ${oldestNode} or newer, and this is ${process.version}; ${remedy}\n`);
  process.exitCode = exitCodes.usage;
} else {
  const { runCommand } = await import("./command.ts");
  await runCommand(process.argv);
}
