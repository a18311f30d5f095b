import { OnlineRegister } from "../analysis/online/register.ts";
import { spentOn } from "./spent.ts";
import { type SyntheticOptions, syntheticEvents } from "./synthetic-history.ts";

/** A process that judges a history while it is made, to show that memory does not grow with it. Prints one JSON line. */
const [options] = process.argv.slice(2);
if (options === undefined) throw new Error("usage: node bench/judge-online.ts OPTIONS-AS-JSON");
console.log(JSON.stringify(measure(JSON.parse(options) as SyntheticOptions)));

function measure(options: SyntheticOptions): Record<string, unknown> {
  const { spent: making } = spentOn(() => {
    for (const _ of syntheticEvents(options));
  });
  const checker = new OnlineRegister();
  const { spent: both } = spentOn(() => {
    for (const event of syntheticEvents(options)) checker.feed(event);
  });
  const { verdict, summary } = checker.finish();
  const seconds = both.seconds - making.seconds;
  const cpuSeconds = both.cpuSeconds - making.cpuSeconds;
  return { verdict, summary, seconds, cpuSeconds, peakMb: both.peakMb, ...checker.live() };
}
