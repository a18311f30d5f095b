import type { Evidence } from "../../../history/annotations.ts";
import { formatCount } from "../../ui/format.ts";
import type { FaultDigest } from "../digest/types.ts";

/** What was measured when the fault was injected and when it was healed; the first fact is always in sight. */
export function EvidenceList({ fault }: { fault: FaultDigest }) {
  const { evidence, healEvidence, healed, toNs, change } = fault;
  const first = evidence[0];
  if (!first && change) return null;
  if (!first) return <p class="alarm">No evidence was recorded.</p>;
  return (
    <details class="evidence">
      <summary>
        <span class="muted">Evidence:</span> {first.subject}: {first.observation}
        {evidence.length > 1 && <span class="muted"> and {formatCount(evidence.length - 1)} more</span>}
        {healed === false && <strong class="alarm"> - not shown to be healed</strong>}
      </summary>
      <div class="evidence-lists">
        <Facts title={change ? "The cluster's answer" : "At injection"} evidence={evidence} />
        {toNs !== null && !change && <Facts title="At healing" evidence={healEvidence} />}
      </div>
    </details>
  );
}

function Facts({ title, evidence }: { title: string; evidence: readonly Evidence[] }) {
  return (
    <div>
      <h4>{title}</h4>
      <ul>
        {evidence.map(({ subject, observation, proves }) => (
          <li key={`${subject} ${observation}`} class={proves ? "" : "alarm"}>
            <span aria-hidden="true">{proves ? "✓" : "✗"}</span> <code>{subject}</code> {observation}
            {!proves && " (no proof)"}
          </li>
        ))}
      </ul>
    </div>
  );
}
