import { OnlineRegister } from "../analysis/online/register.ts";
import { type SyntheticOptions, syntheticEvents } from "./synthetic-history.ts";

/** A process that judges a history while it is made, to show that memory does not grow with it. Prints one JSON line. */
const [options] = process.argv.slice(2);
if (options === undefined) throw new Error("usage: node bench/judge-online.ts OPTIONS-AS-JSON");
console.log(JSON.stringify(measure(JSON.parse(options) as SyntheticOptions)));

function measure(options: SyntheticOptions): Record<string, unknown> {
  const making = secondsOf(() => {
    for (const _ of syntheticEvents(options));
  });
  const checker = new OnlineRegister();
  const both = secondsOf(() => {
    for (const event of syntheticEvents(options)) checker.feed(event);
  });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const { verdict, summary } = checker.finish();
  return { verdict, summary, seconds: both - making, peakMb, ...checker.live() };
}

function secondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
