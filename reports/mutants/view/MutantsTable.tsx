import type { ComponentChildren } from "preact";
import { plural } from "../../../analysis/words.ts";
import type { MutantRow, Tried } from "../digest.ts";

const detectors = {
  invariant: "an invariant",
  outside: "from outside",
  both: "both",
  no: "missed",
  open: "interrupted",
} as const satisfies Record<MutantRow["caughtBy"], string>;

/** Also the labels of a row's cells where the table is too wide for the screen and rows become cards. */
const columns = [
  "what is broken",
  "detected by",
  "an invariant, after",
  "from outside, after",
  "correct store",
] as const;

/** A mutant a row: what is broken, what detected it and after how many seeds, and how the correct store did. */
export function MutantsTable({ rows }: { rows: readonly MutantRow[] }) {
  return (
    <div class="scroll">
      <table class="mutants">
        <thead>
          <tr>
            <th>mutant</th>
            {columns.map((column) => (
              <th key={column}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row: { id, name, breaks, anomalies, caughtBy, missed, ...tried } }: { row: MutantRow }) {
  const { byInvariants, fromOutside, control } = tried;
  return (
    <tr>
      <th scope="row">
        {id}
        <small>{name}</small>
      </th>
      <td data-label={columns[0]}>
        {breaks}
        <small>{anomalies.join(", ")}</small>
      </td>
      <td data-label={columns[1]} class={`detector ${caughtBy}`}>
        {detectors[caughtBy]}
      </td>
      <td data-label={columns[2]}>
        {byInvariants === null ? <span class="muted">not inspected</span> : <Search tried={byInvariants} />}
      </td>
      <td data-label={columns[3]}>
        <Search tried={fromOutside} />
        {missed !== null && fromOutside.found === null && <small>{missed}</small>}
      </td>
      <td data-label={columns[4]}>
        <Control tried={control} />
      </td>
    </tr>
  );
}

function Search({ tried: { seeds, virtualSeconds, found } }: { tried: Tried }) {
  const effort = `${plural(seeds, "seed")}, ${Math.round(virtualSeconds)}\u00a0s`;
  if (found === null) return <span class="not-found">not in {effort}</span>;
  return (
    <>
      {effort}
      <Sighting found={found} />
    </>
  );
}

function Control({ tried: { seeds, unknown, found } }: { tried: Tried }) {
  if (found === null && unknown === 0) return <span class="held">valid in {plural(seeds, "run")}</span>;
  if (found === null) {
    return (
      <span class="not-found">
        {unknown} of {plural(seeds, "run")} inconclusive
      </span>
    );
  }
  return (
    <>
      <strong class="alarm">invalid</strong>
      <Sighting found={found} />
    </>
  );
}

/** The run that showed something, with a link to its report where there is one. */
function Sighting({ found: { seed, summary, report } }: { found: NonNullable<Tried["found"]> }) {
  const text: ComponentChildren = `seed ${seed}: ${summary}`;
  return <small>{report === null ? text : <a href={encodeURI(report)}>{text}</a>}</small>;
}
