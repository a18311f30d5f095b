import { registerChecker } from "../analysis/register.ts";
import { openHistory } from "../history/reader.ts";
import { spentOn } from "./spent.ts";

/** A process that does nothing but one check, so that its time and memory are the check's. Prints one JSON line. */
const file = process.argv[2];
if (file === undefined) throw new Error("usage: node bench/check-file.ts HISTORY");
const { result, spent } = spentOn(() => registerChecker.check(openHistory(file)));
const { verdict, summary } = result;
console.log(JSON.stringify({ verdict, summary, ...spent }));
