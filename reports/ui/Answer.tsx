import type { ComponentChildren } from "preact";
import type { Verdict } from "../../analysis/verdict.ts";
import { VerdictMark } from "./VerdictMark.tsx";

/** The head of every page: the verdict, the answer in one sentence, and the few numbers that say how much stands behind it. */
export function Answer({
  verdict,
  sentence,
  children,
}: {
  verdict: Verdict;
  sentence: string;
  children: ComponentChildren;
}) {
  return (
    <header class={`verdict ${verdict}`}>
      <VerdictMark verdict={verdict} />
      <h1 class={sentence.length > 120 ? "long" : ""}>{sentence}</h1>
      {children}
    </header>
  );
}
