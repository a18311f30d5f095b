import type { ComponentChildren } from "preact";
import { CommandBlock } from "../../ui/CommandBlock.tsx";
import type { RunDigest } from "../digest/types.ts";
import { type PlanLine, planLines } from "./planLines.ts";

/** What was run, and how to run it again. What a default run would not have comes first. */
export function Plan({ digest: { test } }: { digest: RunDigest }) {
  if (test === null) {
    return (
      <PlanSection>
        <p class="note">This history was imported without a plan.</p>
      </PlanSection>
    );
  }
  const { changed, others } = planLines(test);
  return (
    <PlanSection>
      {changed.length > 0 && (
        <>
          <h3>Settings that differ from their defaults</h3>
          <Lines lines={changed} kind="plan changed" />
          <h3>All other settings</h3>
        </>
      )}
      <Lines lines={others} kind="plan" />
      <h3>Run it again</h3>
      <CommandBlock command={test.command} />
    </PlanSection>
  );
}

function PlanSection({ children }: { children: ComponentChildren }) {
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">What was run</h2>
      {children}
    </section>
  );
}

function Lines({ lines, kind }: { lines: readonly PlanLine[]; kind: string }) {
  return (
    <dl class={kind}>
      {lines.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
