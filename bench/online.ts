import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { OnlineRegister } from "../analysis/online/register.ts";
import { type SyntheticOptions, syntheticEvents } from "./synthetic-history.ts";

/**
 * What it costs to judge an hour of 5,000 operations a second on one key while it goes on. Run: `node bench/online.ts`.
 * Each case has a process of its own, so that the memory is its own too.
 */
const base = { operations: 18_000_000, clients: 12, seed: 1, writePercent: 40, casPercent: 20 };
const cases: readonly SyntheticOptions[] = [0, 1, 5].map((unknownPercent) => ({ ...base, unknownPercent }));
const maxMb = 300;

const [chosen] = process.argv.slice(2);
if (chosen !== undefined) measure(cases[Number(chosen)]!);
else for (const place of cases.keys()) await inOwnProcess(place);

async function inOwnProcess(place: number): Promise<void> {
  const { failed } = await execa(process.execPath, [fileURLToPath(import.meta.url), String(place)], {
    stdio: "inherit",
    reject: false,
  });
  if (failed) process.exitCode = 1;
}

function measure(options: SyntheticOptions): void {
  const making = seconds(() => {
    for (const _ of syntheticEvents(options));
  });
  const checker = new OnlineRegister();
  const both = seconds(() => {
    for (const event of syntheticEvents(options)) checker.feed(event);
  });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const { verdict, summary } = checker.finish();
  const { blocks, values } = checker.live();
  console.log(
    `${options.unknownPercent} % unknown: ${(both - making).toFixed(1)} s to judge, peak RSS ${peakMb.toFixed(0)} MB, ` +
      `${blocks} blocks and ${values} values kept at the end; ${verdict}: ${summary}`,
  );
  if (verdict !== "valid" || peakMb > maxMb) process.exitCode = 1;
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
