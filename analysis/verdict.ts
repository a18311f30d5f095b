/** Verdicts form a lattice, worst first: one proved violation stays, whatever else timed out. */
export const verdicts = ["invalid", "unknown", "valid"] as const;
export type Verdict = (typeof verdicts)[number];

/** The worst of several verdicts; of none, `unknown`: nothing was checked. */
export function worstVerdict(several: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => several.includes(verdict)) ?? "unknown";
}

/** A verdict at a glance. */
export const verdictMarks = { valid: "✓", invalid: "✗", unknown: "?" } as const satisfies Record<Verdict, string>;
