import { listAppend } from "../analysis/transactions/list-append.ts";
import { openHistory } from "../history/reader.ts";

/** A process that does nothing but one check, so that its time and memory are the check's. Prints one JSON line. */
const file = process.argv[2];
if (file === undefined) throw new Error("usage: node bench/check-transactions.ts HISTORY");
const beganMs = performance.now();
const { verdict, summary, anomalies } = listAppend().check(openHistory(file));
const seconds = (performance.now() - beganMs) / 1000;
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ verdict, summary, anomalies: Object.keys(anomalies), seconds, peakMb }));
