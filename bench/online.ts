import { inOwnProcess, type Measured } from "./in-own-process.ts";
import type { SyntheticOptions } from "./synthetic-history.ts";

/** What it costs to judge an hour of 5,000 operations a second on one key while it goes on. Run: `node bench/online.ts`. */
const base = { operations: 18_000_000, clients: 12, seed: 1, writePercent: 40, casPercent: 20 };
const maxMb = 300;

for (const unknownPercent of [0, 1, 5]) {
  const options: SyntheticOptions = { ...base, unknownPercent };
  const { verdict, summary, seconds, peakMb, blocks, values } = await inOwnProcess<
    Measured & { readonly blocks: number; readonly values: number }
  >("judge-online.ts", JSON.stringify(options));
  console.log(
    `${unknownPercent} % unknown: ${seconds.toFixed(1)} s to judge, peak RSS ${peakMb.toFixed(0)} MB, ` +
      `${blocks} blocks and ${values} values kept at the end; ${verdict}: ${summary}`,
  );
  if (verdict !== "valid" || peakMb > maxMb) process.exitCode = 1;
}
