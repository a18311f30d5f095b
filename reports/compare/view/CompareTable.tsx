import { verdictMarks } from "../../../analysis/verdict.ts";
import { formatCount } from "../../ui/format.ts";
import type { ComparedRow, Spread } from "../digest/compare.ts";
import { nameOf, shownMs, shownShare } from "../digest/sentence.ts";

/** Every figure of every choice, and links to the runs. */
export function CompareTable({ rows }: { rows: readonly ComparedRow[] }) {
  return (
    <div class="scroll">
      <table class="compare">
        <thead>
          <tr>
            <th rowspan={2}>choice</th>
            <th colspan={5}>healthy</th>
            <th colspan={5}>during faults</th>
            <th rowspan={2}>recovery</th>
            <th rowspan={2}>stale reads</th>
            <th rowspan={2}>runs</th>
          </tr>
          <tr>
            <ServedHeads />
            <ServedHeads />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={nameOf(row)}>
              <th scope="row">{nameOf(row)}</th>
              <ServedCells served={row.healthy} />
              <ServedCells served={row.faulty} />
              <td>{shownMs(row.recoveryMs)}</td>
              <td>{row.staleReads === null ? "-" : formatCount(row.staleReads.count)}</td>
              <td>
                <Runs runs={row.runs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ServedHeads() {
  return (
    <>
      <th>answers/s</th>
      <th>prompt</th>
      <th>read 50 %</th>
      <th>read 99 %</th>
      <th>write 99 %</th>
    </>
  );
}

function ServedCells({ served: { okPerSecond, promptShare, readMs, writeMs } }: { served: ComparedRow["healthy"] }) {
  return (
    <>
      <td>{shownRate(okPerSecond)}</td>
      <td>{shownShare(promptShare)}</td>
      <td>{shownMs(readMs.p50)}</td>
      <td>{shownMs(readMs.p99)}</td>
      <td>{shownMs(writeMs.p99)}</td>
    </>
  );
}

const shownRate = (spread: Spread | null): string => (spread === null ? "-" : formatCount(spread.mean));

function Runs({ runs }: { runs: ComparedRow["runs"] }) {
  return (
    <>
      {runs.map(({ repetition, seed, verdict, summary, report }) => {
        const text = `${verdictMarks[verdict]} ${seed}`;
        return (
          <span key={repetition} class={`run ${verdict}`} title={summary}>
            {report === null ? text : <a href={encodeURI(report)}>{text}</a>}
          </span>
        );
      })}
    </>
  );
}
