import { duration, percent, plural } from "../../../analysis/words.ts";
import type { ComparedRow, Spread } from "./compare.ts";

type Row = Omit<ComparedRow, "sentence">;

/** What a row's values buy and cost, beside the first row that was never wrong. */
export function sentenceOn(row: Row, base: Row | null): string {
  const beside = base === null || base === row ? null : base;
  const clauses = [safety(row), latency(row, beside), availability(row, beside)];
  return `${clauses.filter((clause) => clause !== null).join("; ")}.`;
}

function safety({ verdicts, runs, staleReads }: Row): string {
  const all = plural(runs.length, "run");
  if (verdicts.invalid > 0) return `wrong in ${verdicts.invalid} of ${all}${staleness(staleReads)}`;
  if (verdicts.unknown > 0) return `not decided in ${verdicts.unknown} of ${all}`;
  return `never wrong in ${all}`;
}

function staleness(stale: Row["staleReads"]): string {
  if (stale === null || stale.count === 0) return "";
  const behind = `up to ${plural(stale.maxVersions, "version")} and ${duration(stale.maxMs)} behind`;
  return ` (${plural(stale.count, "stale read")}, ${behind})`;
}

function latency({ healthy }: Row, base: Row | null): string | null {
  const [own, other] = [healthy.readMs.p50, base?.healthy.readMs.p50 ?? null];
  if (own === null) return null;
  const against = other === null ? "" : ` instead of ${duration(other.mean)} with ${nameOf(base!)}`;
  return `a read takes ${duration(own.mean)}${against} while all is healthy`;
}

function availability({ faulty }: Row, base: Row | null): string | null {
  const [own, other] = [faulty.promptShare, base?.faulty.promptShare ?? null];
  if (own === null) return null;
  const against = other === null ? "" : ` instead of ${percent(other.mean)}`;
  return `${percent(own.mean)} of operations are answered promptly during faults${against}`;
}

export function nameOf({ values }: Pick<Row, "values">): string {
  return values.join(", ");
}

export function shownMs(spread: Spread | null): string {
  return spread === null ? "-" : duration(spread.mean);
}

export function shownShare(spread: Spread | null): string {
  return spread === null ? "-" : percent(spread.mean);
}
