import { judgeSoak, type Soak } from "../../analysis/soak.ts";
import { verdictMarks } from "../../analysis/verdict.ts";
import { visible, visibleLine } from "../visible.ts";

export interface SoakOutcome {
  readonly soak: Soak;
  /** Segments that it was to have. */
  readonly planned: number;
  readonly folder: string;
  /** Null if it could not be written. */
  readonly report: string | null;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** Ends the command's output: for people in lines, for programs as one JSON object. */
export function printSoak(outcome: SoakOutcome, json: boolean, output: { write(text: string): unknown }): void {
  output.write(json ? `${visible(JSON.stringify(forPrograms(outcome)))}\n` : forPeople(outcome));
}

function forPrograms({ soak, planned, folder, report, warnings, seconds }: SoakOutcome) {
  return {
    ...judgeSoak(soak, planned),
    ...{ run: folder, report, seed: soak.seed },
    ...totals(soak),
    segments: soak.segments.map(({ number, workload, verdict, summary, report: page }) => {
      return { number, workload, verdict, summary, report: page };
    }),
    planned,
    memoryMb: Math.round(mostMemory(soak)),
    warnings,
    seconds: Math.round(seconds * 10) / 10,
  };
}

function forPeople({ soak, planned, folder, report, warnings }: SoakOutcome): string {
  const { verdict, summary } = judgeSoak(soak, planned);
  const { operations, faults } = totals(soak);
  const lines = [
    "",
    ...warnings.map((warning) => `  ! ${warning}`),
    `${verdictMarks[verdict]} ${verdict.toUpperCase()}: ${summary}`,
    "",
    `  segments    ${soak.segments.length} of ${planned}`,
    `  operations  ${operations.ok} ok, ${operations.fail} fail, ${operations.info} info`,
    `  faults      ${faults.injected} injected, ${faults.effective} effective`,
    `  memory      ${Math.round(mostMemory(soak))} MB at most`,
    `  seed        ${soak.seed}`,
    `  run         ${folder}`,
    ...(report === null ? [] : [`  report      ${report}`]),
  ];
  return `${lines.map(visibleLine).join("\n")}\n`;
}

function totals({ segments }: Soak) {
  const sum = (of: (segment: Soak["segments"][number]) => number): number =>
    segments.reduce((total, segment) => total + of(segment), 0);
  return {
    operations: {
      ok: sum(({ operations }) => operations.ok),
      fail: sum(({ operations }) => operations.fail),
      info: sum(({ operations }) => operations.info),
    },
    faults: { injected: sum(({ faults }) => faults.injected), effective: sum(({ faults }) => faults.effective) },
  };
}

function mostMemory({ resources }: Soak): number {
  return Math.max(0, ...resources.map(({ rssMb }) => rssMb));
}
