import type { CheckerName } from "../analysis/checker-names.ts";
import { checkers } from "../analysis/registry.ts";
import { openHistory } from "../history/reader.ts";
import { spentOn } from "./spent.ts";

/** A process that does nothing but one check, so that its time and memory are the check's. Prints one JSON line. */
const [name, file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node bench/check-file.ts CHECKER HISTORY");
const { result, spent } = spentOn(() => checkers[name as CheckerName].check(openHistory(file)));
const { verdict, summary } = result;
console.log(JSON.stringify({ verdict, summary, ...spent }));
