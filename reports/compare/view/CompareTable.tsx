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
            <th rowspan={2} class="choice">
              choice
            </th>
            <th colspan={5} class="group">
              healthy
            </th>
            <th colspan={5} class="group">
              during faults
            </th>
            <th rowspan={2} class="number">
              recovery
            </th>
            <th rowspan={2} class="number">
              stale reads
            </th>
            <th rowspan={2}>runs, by seed</th>
          </tr>
          <tr>
            <ServedHeads />
            <ServedHeads />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={nameOf(row)}>
              <th scope="row" class="choice">
                {nameOf(row)}
              </th>
              <ServedCells served={row.healthy} />
              <ServedCells served={row.faulty} />
              <td class="number">{shownMs(row.recoveryMs)}</td>
              <td class="number">{row.staleReads === null ? "-" : formatCount(row.staleReads.count)}</td>
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
      <th class="number first">answers/s</th>
      <th class="number">prompt</th>
      <th class="number">read p50</th>
      <th class="number">read p99</th>
      <th class="number">write p99</th>
    </>
  );
}

function ServedCells({ served: { okPerSecond, promptShare, readMs, writeMs } }: { served: ComparedRow["healthy"] }) {
  return (
    <>
      <td class="number first">{shownRate(okPerSecond)}</td>
      <td class="number">{shownShare(promptShare)}</td>
      <td class="number">{shownMs(readMs.p50)}</td>
      <td class="number">{shownMs(readMs.p99)}</td>
      <td class="number">{shownMs(writeMs.p99)}</td>
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
