import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Verdict } from "../analysis/verdict.ts";
import { type SyntheticTransactions, writeSyntheticTransactions } from "./synthetic-transactions.ts";

/** How long the check of transactions over lists takes from a file to a verdict, and how much memory. */
const transactions = Number(process.argv[2] ?? 1_000_000);
const base = { transactions, clients: 50, seed: 1, steps: 4, keys: 20, maxLength: 32, unknownPercent: 5 };
const cases: readonly { name: string; expected: Verdict; options: SyntheticTransactions }[] = [
  { name: "one at a time", expected: "valid", options: base },
  { name: "a read skew at 90 %", expected: "invalid", options: { ...base, readSkewAt: 0.9 } },
];

interface Measured {
  readonly verdict: Verdict;
  readonly summary: string;
  readonly anomalies: readonly string[];
  readonly seconds: number;
  readonly peakMb: number;
}

console.log(
  `${transactions} transactions of ${base.steps} steps, ${base.clients} clients, lists of up to ${base.maxLength}\n`,
);
console.log(row("history", "file", "verdict", "seconds", "peak RSS"));
const folder = mkdtempSync(join(tmpdir(), "keelhaul-bench-"));
try {
  for (const one of cases) await measure(one);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure({ name, expected, options }: (typeof cases)[number]): Promise<void> {
  const file = join(folder, "history.jsonl");
  writeSyntheticTransactions(file, options);
  const script = fileURLToPath(new URL("check-transactions.ts", import.meta.url));
  const { stdout } = await execa(process.execPath, [script, file], { stderr: "inherit" });
  const { verdict, summary, anomalies, seconds, peakMb } = JSON.parse(stdout) as Measured;
  const fileMb = statSync(file).size / 1024 / 1024;
  console.log(row(name, `${fileMb.toFixed(0)} MB`, verdict, seconds.toFixed(2), `${peakMb.toFixed(0)} MB`));
  if (verdict === "invalid") console.log(`  ${anomalies.join(", ")}: ${summary}`);
  if (verdict !== expected || (verdict === "invalid" && !anomalies.includes("G-single"))) {
    console.error(`expected ${expected}${expected === "invalid" ? " with G-single" : ""}, got ${verdict}: ${summary}`);
    process.exitCode = 1;
  }
  rmSync(file);
}

function row(...[name, file, verdict, seconds, memory]: [string, string, string, string, string]): string {
  return [name.padEnd(24), file.padEnd(12), verdict.padEnd(9), seconds.padStart(8), memory.padStart(10)].join("");
}
