import type { Violation } from "../analysis/results.ts";
import type { ViolationRecord } from "../history/annotations.ts";
import type { StepRecord } from "../history/steps.ts";
import type { MutantMatrix } from "../reports/mutants/digest.ts";
import { renderPage } from "../reports/page.ts";
import { reports } from "../reports/registry.ts";
import { comparison } from "./comparison.ts";
import { type SyntheticRun, syntheticRun } from "./report-support.ts";
import { soakMaterial } from "./soak.ts";

/** Every kind of page that there is, by name: what must hold of all pages is tested on each of them. */
export function pageKinds(): Readonly<Record<string, () => string>> {
  const valid = syntheticRun({ seed: 7, verdict: "valid" });
  const invalid = syntheticRun({ seed: 7, verdict: "invalid" });
  return {
    valid: () => renderPage(reports.run, valid),
    invalid: () => renderPage(reports.run, invalid),
    unknown: () => renderPage(reports.run, withResults(valid, { verdict: "unknown", summary: "the search gave up" })),
    long: () => renderPage(reports.run, syntheticRun({ seed: 7, verdict: "invalid", seconds: 1200, rate: 10 })),
    invariant: () => renderPage(reports.run, withInvariant(valid)),
    many: () => renderPage(reports.run, withThousands(invalid)),
    imported: () => renderPage(reports.run, { test: null, results: null, timeline: valid.timeline }),
    mutants: () => renderPage(reports.mutants, mutantMatrix),
    compare: () => renderPage(reports.compare, comparison),
    soak: () => renderPage(reports.soak, soakMaterial),
  };
}

function withResults(run: SyntheticRun, changed: Partial<SyntheticRun["results"]>): SyntheticRun {
  return { ...run, results: { ...run.results, ...changed } };
}

const wonElection: StepRecord = {
  ...{ step: 40, timeNs: 9e9, node: "n2" },
  event: { type: "receive", from: "n3", message: { type: "request-vote-reply", term: 3, granted: true } },
  effects: [{ type: "role", role: "leader", term: 3, reason: "won" }],
};

/** A run whose store broke an invariant. */
export function withInvariant(run: SyntheticRun): SyntheticRun {
  const violation = {
    ...{ invariant: "I1", name: "Election Safety", statement: "at most one server leads in a term" },
    ...{ timeNs: 9e9, nodes: ["n2"], detail: "leads term 3, as n1 does" },
    lastSteps: [wonElection],
    lastTurns: [{ step: 12, timeNs: 8.5e9, node: "n1", event: { type: "start" }, effects: [] }],
  } satisfies ViolationRecord;
  const invariants = { verdict: "invalid", summary: "I1 was broken", steps: 40, violation } as const;
  return withResults(run, { verdict: "invalid", checkers: { ...run.results.checkers, invariants } });
}

/** A run with twenty examples of three thousand stale reads, and as many warnings that differ in a number. */
export function withThousands(run: SyntheticRun): SyntheticRun {
  const register = run.results.checkers["register"] as unknown as { violations: readonly Violation[] };
  const [first] = register.violations;
  const violations = Array.from({ length: 20 }, (_, at) => ({ ...first!, key: `k${at}` }));
  const staleReads = { count: 3120, maxVersions: 41, maxMilliseconds: 2300 };
  const byNode = {
    n1: { reads: 4000, stale: 3000, versions: null, milliseconds: null },
    n2: { reads: 4000, stale: 120, versions: null, milliseconds: null },
    n3: { reads: 4000, stale: 0, versions: null, milliseconds: null },
  };
  return withResults(run, {
    checkers: {
      ...run.results.checkers,
      register: { ...run.results.checkers["register"]!, violations, violationCount: 1240, staleReads } as never,
      staleness: {
        ...{ verdict: "valid", attention: true, summary: "3,120 of 12,000 reads were stale", skippedKeys: 0 },
        ...{ overall: { reads: 12_000, stale: 3120, versions: null, milliseconds: null }, byNode },
      } as never,
    },
    warnings: Array.from(
      { length: 1000 },
      (_, at) => `load: the client of process ${at} never answered its read of k1`,
    ),
  });
}

export const tried = { seeds: 7, virtualSeconds: 70.2, seconds: 3.14, unknown: 0, found: null };
const found = { seed: 7, report: "../register/20260102T030405Z/report.html", summary: 'key "k1" is wrong' };
export const mutantMatrix: MutantMatrix = {
  verdict: "invalid",
  ...{ system: "raft", backend: "sim", interrupted: true },
  command: "npx keelhaul mutants --backend sim --seeds 200 --control-seeds 10 --time-limit 100s --rate 100",
  outside: { of: 2, caught: 1, byClients: 1, missed: ["M25"] },
  rows: (["both", "no"] as const).map((caughtBy, at) => ({
    ...{ id: `M2${4 + at}`, name: "commit-old-term", breaks: "counts copies of entries of old terms for commitment" },
    ...{ anomalies: ["lost-write", "stale-read"], caughtBy, missed: null },
    byInvariants: { ...tried, found: { ...found, report: null } },
    fromOutside: caughtBy === "both" ? { ...tried, found } : tried,
    control: tried,
  })),
};
