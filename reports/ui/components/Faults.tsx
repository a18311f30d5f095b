import type { RunDigest } from "../../digest/types.ts";
import { formatShare } from "../format.ts";
import type { TimeView } from "../timeView.ts";
import { FaultRow } from "./FaultRow.tsx";

/** Every injection: whether it took effect, how that is known, and what it cost. */
export function Faults({ digest, view }: { digest: RunDigest; view: TimeView }) {
  const { faults, availability } = digest;
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">Faults</h2>
      {availability && (
        <p class="lead">
          Answered while a fault was active:{" "}
          <strong>{formatShare(availability.duringFaults.answered, availability.duringFaults.total)}</strong> of the
          operations; at other times:{" "}
          <strong>{formatShare(availability.outsideFaults.answered, availability.outsideFaults.total)}</strong>.
        </p>
      )}
      {faults.length === 0 ? (
        <p class="note">No fault was injected, or the history does not record them.</p>
      ) : (
        <div class="scroll">
          <table class="faults">
            <thead>
              <tr>
                <th class="number">#</th>
                <th>fault</th>
                <th>nodes</th>
                <th class="number">from</th>
                <th class="number">lasted</th>
                <th>took effect</th>
                <th class="number">answered meanwhile</th>
                <th class="number">recovered after</th>
                <th class="no-print">
                  <span class="sr-only">Show</span>
                </th>
              </tr>
            </thead>
            {faults.map((fault) => (
              <FaultRow key={fault.id} fault={fault} view={view} />
            ))}
          </table>
        </div>
      )}
    </section>
  );
}
