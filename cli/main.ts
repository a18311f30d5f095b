#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import { nodeProblem } from "./node-version.ts";

/** Loads the command only where it can run: an older Node fails at the first import, with a stack trace. */
const problem = nodeProblem(process.version, process.cwd());
if (problem === null) {
  const { guardProcess, runCommand } = await import("./command.ts");
  guardProcess();
  await runCommand(process.argv);
} else {
  process.stderr.write(`keelhaul: ${problem}\n`);
  process.exitCode = exitCodes.usage;
}
