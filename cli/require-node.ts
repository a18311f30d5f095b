import { nodeProblem } from "./node-version.ts";

/** Imported first by the library: an older Node gets a sentence instead of what it fails at later. */
const problem = nodeProblem(process.version, process.cwd());
if (problem !== null) throw new Error(`keelhaul ${problem}`);
