import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verdict } from "../analysis/verdict.ts";
import { compressHistory } from "../history/compress.ts";
import { writeHistory } from "../history/import/write-history.ts";
import { inOwnProcess, type Measured } from "./in-own-process.ts";
import { type SyntheticOptions, syntheticEvents } from "./synthetic-history.ts";

/**
 * How long the register check takes from a file to a verdict, and how much memory; then `keelhaul analyze` from a file to
 * verdict and report. Run: `node bench/checker.ts`.
 */
const base = { operations: 1_000_000, clients: 50, seed: 1, writePercent: 50, casPercent: 0, unknownPercent: 5 };
const cases: readonly { name: string; expected: Verdict; options: SyntheticOptions }[] = [
  { name: "reads and writes", expected: "valid", options: base },
  { name: "one stale read at 90 %", expected: "invalid", options: { ...base, staleReadAt: 0.9 } },
  { name: "20 % compare-and-set", expected: "valid", options: { ...base, writePercent: 40, casPercent: 20 } },
];

console.log(
  `${base.operations} operations on one key, ${base.clients} clients, ${base.unknownPercent} % of unknown outcome\n`,
);
console.log(row("history", "file", "verdict", "seconds", "of CPU", "peak RSS"));
const folder = mkdtempSync(join(tmpdir(), "keelhaul-bench-"));
try {
  for (const one of cases) await measure(one, (file) => inOwnProcess("check-file.ts", "register", file));
  console.log(`\n${base.operations} operations on 1000 keys, to verdict and report`);
  const wide = { ...base, keys: 1000 };
  for (const one of [
    { name: "analyze", expected: "valid", options: wide },
    { name: "analyze, stale reads", expected: "invalid", options: { ...wide, staleReadAt: 0.9 } },
  ] as const) {
    await measure(one, async (file) => {
      const measured = await inOwnProcess<Measured>("analyze-file.ts", file, folder);
      rmSync(join(folder, "page.html"));
      return measured;
    });
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(
  { name, expected, options }: (typeof cases)[number],
  judge: (file: string) => Promise<Measured>,
): Promise<void> {
  const plain = join(folder, "history.jsonl");
  writeHistory(plain, syntheticEvents(options));
  const copy = join(folder, "copy.jsonl");
  copyFileSync(plain, copy);
  const compressed = await compressHistory(copy);
  for (const file of [plain, compressed]) {
    const { verdict, summary, seconds, cpuSeconds, peakMb } = await judge(file);
    const kind = file.endsWith(".zst") ? ".jsonl.zst" : ".jsonl";
    console.log(row(name, kind, verdict, seconds.toFixed(2), cpuSeconds.toFixed(2), `${peakMb.toFixed(0)} MB`));
    if (verdict === "invalid" && file === plain) console.log(`  ${summary}`);
    if (verdict === expected) continue;
    console.error(`expected ${expected}, got ${verdict}: ${summary}`);
    process.exitCode = 1;
  }
  rmSync(plain);
  rmSync(compressed);
}

function row(...[name, file, verdict, ...figures]: [string, string, string, ...string[]]): string {
  return [name.padEnd(24), file.padEnd(12), verdict.padEnd(9), ...figures.map((figure) => figure.padStart(10))].join(
    "",
  );
}
