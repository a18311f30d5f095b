import { linearizableCheckers } from "../analysis/linearizable.ts";
import { porcupineKv } from "../history/import/porcupine-kv.ts";

/** A process that judges one trace of a store of texts. Prints one JSON line. */
const file = process.argv[2];
if (file === undefined) throw new Error("usage: node bench/check-kv.ts TRACE");
const beganMs = performance.now();
const located = porcupineKv.events(file, { independent: false, warn: (warning) => console.error(warning) });
const events = Array.from(located, ({ event }) => event);
const { verdict, summary } = linearizableCheckers["linearizable-kv-string"].check(events);
const seconds = (performance.now() - beganMs) / 1000;
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ verdict, summary, seconds, peakMb }));
