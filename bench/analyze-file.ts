import { join } from "node:path";
import { analyzeInput } from "../cli/analyze/analyze-input.ts";
import { readFlags } from "../cli/analyze/flags.ts";
import { openInput } from "../cli/analyze/input.ts";
import { spentOnAll } from "./spent.ts";

/** A process that does what `keelhaul analyze HISTORY --report FOLDER` does, and prints what it took as one JSON line. */
const [file, folder] = process.argv.slice(2);
if (file === undefined || folder === undefined) throw new Error("usage: node bench/analyze-file.ts HISTORY FOLDER");
const { result, spent } = await spentOnAll(async () => {
  using input = await openInput(file, process.stdin);
  const controls = { say: () => {}, hear: () => {}, signal: new AbortController().signal };
  return await analyzeInput(input, readFlags({ report: join(folder, "page.html") }), controls);
});
if (result.report === null) throw new Error("no report was written");
const { verdict, summary } = result.results;
console.log(JSON.stringify({ verdict, summary, ...spent }));
