import type { Verdict } from "../../../analysis/verdict.ts";

const symbols = { valid: "✓", invalid: "✗", unknown: "?" } as const;

/** A verdict as colour, symbol and word together. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return (
    <span class={`verdict-mark ${verdict}`}>
      <span aria-hidden="true" class="symbol">
        {symbols[verdict]}
      </span>
      {verdict}
    </span>
  );
}
