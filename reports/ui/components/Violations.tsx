import type { RunDigest } from "../../digest/types.ts";
import { asSentence, formatCount, plural } from "../format.ts";
import type { TimeView } from "../timeView.ts";
import { ViolationView } from "./ViolationView.tsx";

/** What contradicts what: the first violation open, the others one click away. */
export function Violations({ digest, view }: { digest: RunDigest; view: TimeView }) {
  const { violations, violationCount } = digest;
  if (violations.length === 0) return null;
  const hidden = violationCount - violations.filter((violation) => violation.forbidden).length;
  return (
    <section aria-labelledby="contradictions">
      <h2 id="contradictions">{headingOf(violationCount)}</h2>
      {violations.map((violation, at) => (
        <details
          class="violation"
          open={at === 0}
          key={`${violation.checker} ${violation.kind} ${violation.operations.map(({ index }) => index).join(" ")}`}
        >
          <summary>
            <span class="kind">{violation.kind}</span>
            <span class="sentence">{asSentence(violation.sentence)}</span>
          </summary>
          <ViolationView violation={violation} faults={digest.faults} view={view} />
        </details>
      ))}
      {hidden > 0 && <p class="note">{formatCount(hidden)} more are not drawn; these are the most telling ones.</p>}
    </section>
  );
}

function headingOf(violationCount: number): string {
  if (violationCount === 0) return "Anomalies that the consistency model allows";
  return violationCount === 1 ? "The operations that contradict each other" : plural(violationCount, "contradiction");
}
