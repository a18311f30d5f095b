import { linearizableCheckers } from "../analysis/checkers/linearizable.ts";
import { porcupineKv } from "../history/import/porcupine-kv.ts";
import { spentOn } from "./spent.ts";

/** A process that judges one trace of a store of texts; that traces have no times is no news. Prints one JSON line. */
const file = process.argv[2];
if (file === undefined) throw new Error("usage: node bench/check-kv.ts TRACE");
const { result, spent } = spentOn(() => {
  const located = porcupineKv.events(file, { independent: false, warn: () => undefined });
  return linearizableCheckers["linearizable-kv-string"].check(Array.from(located, ({ event }) => event));
});
const { verdict, summary } = result;
console.log(JSON.stringify({ verdict, summary, ...spent }));
