import { percent } from "../../../analysis/words.ts";
import { asSentence, formatCount, totalOf } from "../../ui/format.ts";
import { VerdictMark } from "../../ui/VerdictMark.tsx";
import type { SoakRow } from "../digest.ts";

/** A row for each segment, with a link to its own report. */
export function SegmentsTable({ rows }: { rows: readonly SoakRow[] }) {
  return (
    <div class="scroll">
      <table class="segments">
        <thead>
          <tr>
            <th class="number">#</th>
            <th>workload</th>
            <th>verdict</th>
            <th class="number">operations</th>
            <th class="number">answers per second</th>
            <th class="number">prompt outside faults</th>
            <th class="number">prompt during faults</th>
            <th class="number">effective faults</th>
            <th>found</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.number}>
              <td class="number">{row.number}</td>
              <td>{row.report === null ? row.workload : <a href={row.report}>{row.workload}</a>}</td>
              <td>
                <VerdictMark verdict={row.verdict} />
              </td>
              <td class="number">{formatCount(totalOf(row.operations))}</td>
              <td class="number">{formatCount(row.perSecond)}</td>
              <td class="number">{row.promptHealthy === null ? "-" : percent(row.promptHealthy)}</td>
              <td class="number">{row.promptFaulty === null ? "-" : percent(row.promptFaulty)}</td>
              <td class="number">
                {row.faults.effective} of {row.faults.injected}
              </td>
              <td class="found">{asSentence(row.summary)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
