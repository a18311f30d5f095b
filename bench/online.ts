import { OnlineRegister } from "../analysis/online/register.ts";
import { syntheticEvents } from "./synthetic-history.ts";

/**
 * What it costs to judge an hour of 5,000 operations a second while it goes on. Run: `node bench/online.ts`. The time
 * includes that of making the operations up.
 */
const base = { operations: 18_000_000, clients: 12, seed: 1, writePercent: 40 };
const cases = [
  { name: "no unknown outcome", options: { ...base, casPercent: 20, unknownPercent: 0 } },
  { name: "1 % unknown", options: { ...base, casPercent: 20, unknownPercent: 1 } },
];

for (const { name, options } of cases) {
  const making = seconds(() => {
    for (const _ of syntheticEvents(options));
  });
  const checker = new OnlineRegister();
  let fed = 0;
  let peakMb = 0;
  const both = seconds(() => {
    for (const event of syntheticEvents(options)) {
      checker.feed(event);
      if (++fed % 100_000 === 0) peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1024 / 1024);
    }
  });
  const { verdict, summary } = checker.finish();
  const { blocks, values } = checker.live();
  console.log(
    `${name}: ${(both - making).toFixed(1)} s to judge (${both.toFixed(1)} s in all), peak RSS ${peakMb.toFixed(0)} MB, ` +
      `kept at the end ${blocks} blocks and ${values} values; ${verdict}: ${summary}`,
  );
  if (verdict !== "valid" || peakMb > 300) process.exitCode = 1;
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
