import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../analysis/verdict.ts";
import { writeHistory } from "../history/import/write-history.ts";
import { inOwnProcess, type Measured } from "./in-own-process.ts";
import { searchRow } from "./search.ts";
import { type SyntheticOptions, syntheticEvents } from "./synthetic-history.ts";
import { type SyntheticTransactions, syntheticTransactions } from "./synthetic-transactions.ts";

/**
 * What the checkers cost, in one table: `npm run bench:checkers`, or some rows of it by a part of their names:
 * `node bench/checkers.ts "one key" kv`. Each row has a process of its own. Only a wrong verdict is a failure.
 */
interface Row {
  readonly name: string;
  readonly expected: Verdict;
  /** What the row should stay within. */
  readonly aim?: { readonly seconds?: number; readonly peakMb?: number };
  measure(): Promise<Pick<Measured, "verdict" | "seconds" | "cpuSeconds" | "peakMb">>;
}

const register = { clients: 50, seed: 1, writePercent: 50, casPercent: 0, unknownPercent: 5 };
const lists = { clients: 50, seed: 1, steps: 4, keys: 20, maxLength: 32, unknownPercent: 5 };
const hour = { operations: 18_000_000, clients: 12, seed: 1, writePercent: 40, casPercent: 20, unknownPercent: 5 };
const traces = fileURLToPath(new URL("../../shared/fixtures/histories/porcupine-etcd/kv", import.meta.url));

const rows: readonly Row[] = [
  {
    name: "register, 1 M on one key",
    expected: "valid",
    aim: { seconds: 1.5 },
    measure: () => registers({ ...register, operations: 1_000_000 }),
  },
  {
    name: "register, 1 M over 1,000 keys",
    expected: "valid",
    measure: () => registers({ ...register, operations: 1_000_000, keys: 1000 }),
  },
  {
    name: "register, 10 M over 10,000 keys",
    expected: "valid",
    aim: { seconds: 20, peakMb: 1536 },
    measure: () => registers({ ...register, operations: 10_000_000, keys: 10_000 }),
  },
  { name: "search, 100 k, 10 clients", expected: "valid", measure: () => searchRow("10 clients") },
  { name: "search, 100 k, 20 clients", expected: "valid", measure: () => searchRow("20 clients") },
  {
    name: "list-append, 1 M transactions",
    expected: "valid",
    aim: { seconds: 15 },
    measure: () => transactions({ ...lists, transactions: 1_000_000 }),
  },
  {
    name: "list-append, a read skew at 90 %",
    expected: "invalid",
    measure: () => transactions({ ...lists, transactions: 1_000_000, readSkewAt: 0.9 }),
  },
  ...kvRows(),
  {
    name: "online register, 18 M on one key",
    expected: "valid",
    aim: { peakMb: 300 },
    measure: () => inOwnProcess<Measured>("judge-online.ts", JSON.stringify(hour)),
  },
];

const wanted = process.argv.slice(2);
const chosen = rows.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const line = (name: string, verdict: string, seconds: string, cpu: string, peak: string, aim: string): string =>
  [name.padEnd(34), verdict.padEnd(9), seconds.padStart(9), cpu.padStart(9), peak.padStart(10), `   ${aim}`]
    .join("")
    .trimEnd();
console.log(line("what is checked", "verdict", "seconds", "of CPU", "peak RSS", "aim"));
for (const row of chosen) await show(row);
if (!existsSync(traces)) console.log("kv traces: skipped, since the fixtures are not there");

async function show({ name, expected, aim, measure }: Row): Promise<void> {
  const { verdict, seconds, cpuSeconds, peakMb } = await measure();
  const missed = seconds > (aim?.seconds ?? Infinity) || peakMb > (aim?.peakMb ?? Infinity);
  const aims = [aim?.seconds && `${aim.seconds} s`, aim?.peakMb && `${aim.peakMb} MB`].filter(Boolean).join(", ");
  console.log(
    line(
      name,
      verdict,
      seconds.toFixed(2),
      cpuSeconds.toFixed(2),
      `${peakMb.toFixed(0)} MB`,
      `${aims}${missed ? ": missed" : ""}`,
    ),
  );
  if (verdict === expected) return;
  console.error(`${name}: expected ${expected}, got ${verdict}`);
  process.exitCode = 1;
}

function registers(options: SyntheticOptions): Promise<Measured> {
  return withHistory(
    (file) => writeHistory(file, syntheticEvents(options)),
    (file) => inOwnProcess("check-file.ts", "register", file),
  );
}

function transactions(options: SyntheticTransactions): Promise<Measured> {
  return withHistory(
    (file) => writeHistory(file, syntheticTransactions(options)),
    (file) => inOwnProcess("check-file.ts", "list-append", file),
  );
}

/** The history goes to a folder that is removed in the end: ten million operations take some 2 GB. */
async function withHistory<Result>(
  write: (file: string) => void,
  measure: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "keelhaul-bench-"));
  try {
    const file = join(folder, "history.jsonl");
    write(file);
    return await measure(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Traces that Porcupine ships; none where they are absent. */
function kvRows(): Row[] {
  if (!existsSync(traces)) return [];
  return readdirSync(traces).map((file) => ({
    name: `kv texts, ${basename(file, ".txt")}`,
    expected: file.includes("bad") ? "invalid" : "valid",
    measure: () => inOwnProcess<Measured>("check-kv.ts", join(traces, file)),
  }));
}
