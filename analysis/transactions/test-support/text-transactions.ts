import type { HistoryEvent } from "../../../history/event.ts";

/**
 * Transactions as text, one a line, in the notation of Elle: `T1: ax1 rx[1] ry[] rz1 wz2 rw_`. They run all at the same
 * time; a line `--` lets all before it end before any after it begins, 10 ms apart. `info` or `fail` at the end of a
 * line is its outcome, `p3` its process (else its place), and one that is `late` ends after all others.
 */
export function textTransactions(text: string): HistoryEvent[] {
  const events: Omit<HistoryEvent, "index" | "time">[][] = [];
  const late: Omit<HistoryEvent, "index" | "time">[] = [];
  let transactions = 0;
  for (const group of text.split(/^\s*--\s*$/m)) {
    const lines = group.split("\n").map((line) => line.replace(/#.*/, "").trim());
    const parsed = lines.filter((line) => line !== "").map((line) => parseLine(line, transactions++));
    events.push(parsed.map(({ invocation }) => invocation));
    events.push(parsed.filter((line) => !line.late).map(({ completion }) => completion));
    late.push(...parsed.filter((line) => line.late).map(({ completion }) => completion));
  }
  events.push(late);
  const all = events.flatMap((several, group) => several.map((event) => ({ ...event, time: group * 10_000_000 })));
  return all.map((event, index) => ({ ...event, index }));
}

interface Line {
  readonly invocation: Omit<HistoryEvent, "index" | "time">;
  readonly completion: Omit<HistoryEvent, "index" | "time">;
  readonly late: boolean;
}

function parseLine(line: string, place: number): Line {
  const words = line
    .replace(/^T\d+:/, "")
    .trim()
    .split(/\s+(?![^[]*\])/);
  const type = words.find((word) => word === "info" || word === "fail") ?? "ok";
  const process = Number(words.find((word) => /^p\d+$/.test(word))?.slice(1) ?? place);
  const steps = words.filter((word) => /^[arw][a-z]./.test(word)).map(parseStep);
  const asked = steps.map(([f, key, value]) => [f, key, f === "r" ? null : value]);
  const common = { process, f: "txn" } as const;
  return {
    invocation: { ...common, type: "invoke", value: asked },
    completion: { ...common, type: type as "ok" | "info" | "fail", value: type === "ok" ? steps : asked },
    late: words.includes("late"),
  };
}

function parseStep(word: string): [f: string, key: string, value: unknown] {
  const value = word.slice(2);
  const parsed: unknown = value === "_" ? null : JSON.parse(value.trim().replace(/(?<=\S)\s+(?=\S)/g, ","));
  return [word[0] === "a" ? "append" : word[0]!, word[1]!, parsed];
}
