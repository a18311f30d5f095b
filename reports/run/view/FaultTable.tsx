import type { FaultDigest } from "../digest/types.ts";
import { FaultRow } from "./FaultRow.tsx";
import type { TimeView } from "./timeView.ts";

/** One row an injection, in order of time. */
export function FaultTable({ faults, view }: { faults: readonly FaultDigest[]; view: TimeView }) {
  return (
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
            <th class="number">answered during the fault</th>
            <th class="number">first write after healing</th>
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
  );
}
