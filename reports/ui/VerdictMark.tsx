import { type Verdict, verdictMarks } from "../../analysis/verdict.ts";

/** A verdict as colour, symbol and word together. A measure that found something gets no tick. */
export function VerdictMark({ verdict, attention = false }: { verdict: Verdict; attention?: boolean }) {
  const noted = attention && verdict === "valid";
  return (
    <span class={`verdict-mark ${noted ? "noted" : verdict}`}>
      <span aria-hidden="true" class="symbol">
        {noted ? "!" : verdictMarks[verdict]}
      </span>
      {noted ? "noted" : verdict}
    </span>
  );
}
