import { formatCount, formatShare } from "../../ui/format.ts";
import type { RunDigest } from "../digest/types.ts";
import { FaultSummary } from "./FaultSummary.tsx";
import { FaultTable } from "./FaultTable.tsx";
import type { TimeView } from "./timeView.ts";

/** Up to here all injections are in sight; more are summed up by kind, the list a click away. */
const fewFaults = 16;

/** Every injection: whether it took effect, how that is known, and what it cost. */
export function Faults({ digest, view }: { digest: RunDigest; view: TimeView }) {
  const { faults, availability } = digest;
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">Faults</h2>
      {availability && (
        <p class="lead">
          Clients got an answer to{" "}
          <strong>{formatShare(availability.duringFaults.answered, availability.duringFaults.total)}</strong> of their
          operations during faults, and to{" "}
          <strong>{formatShare(availability.outsideFaults.answered, availability.outsideFaults.total)}</strong> outside
          faults.
        </p>
      )}
      {digest.changes.map((tally) => (
        <p class="lead" key={tally.fault}>
          Changes by <code>{tally.fault}</code>: <strong>{formatCount(tally.made)}</strong> of{" "}
          {formatCount(tally.tried)} made; on a healthy cluster <strong>{formatCount(tally.madeHealthy)}</strong> of{" "}
          {formatCount(tally.triedHealthy)}.
        </p>
      ))}
      {faults.length === 0 && <p class="note">No fault was injected, or the history does not record faults.</p>}
      {faults.length > fewFaults && <FaultSummary faults={faults} />}
      {faults.length > fewFaults ? (
        <details>
          <summary>All {formatCount(faults.length)} injections, with their evidence</summary>
          <FaultTable faults={faults} view={view} />
        </details>
      ) : (
        faults.length > 0 && <FaultTable faults={faults} view={view} />
      )}
    </section>
  );
}
