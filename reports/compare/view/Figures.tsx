import { duration, percent } from "../../../analysis/words.ts";
import type { ComparedRow, Spread } from "../digest/compare.ts";
import { nameOf } from "../digest/sentence.ts";

interface Figure {
  readonly title: string;
  readonly of: (row: ComparedRow) => Spread | null;
  readonly show: (figure: number) => string;
  /** The end of its scale; left out: the largest figure. */
  readonly full?: number;
}

const figures: readonly Figure[] = [
  { title: "read p50, healthy", of: ({ healthy }) => healthy.readMs.p50, show: duration },
  { title: "read p99, healthy", of: ({ healthy }) => healthy.readMs.p99, show: duration },
  { title: "write p50, healthy", of: ({ healthy }) => healthy.writeMs.p50, show: duration },
  { title: "read p99, during faults", of: ({ faulty }) => faulty.readMs.p99, show: duration },
  { title: "answered promptly during faults", of: ({ faulty }) => faulty.promptShare, show: percent, full: 1 },
  { title: "recovery after healing", of: ({ recoveryMs }) => recoveryMs, show: duration },
];

/** One small chart for each figure, with a bar for each choice, all on the scale of that figure. */
export function Figures({ rows }: { rows: readonly ComparedRow[] }) {
  const measured = figures.filter(({ of }) => rows.some((row) => of(row) !== null));
  return (
    <div class="small-multiples">
      {measured.map((figure) => (
        <Bars key={figure.title} figure={figure} rows={rows} />
      ))}
    </div>
  );
}

function Bars({ figure: { title, of, show, full }, rows }: { figure: Figure; rows: readonly ComparedRow[] }) {
  const end = full ?? Math.max(...rows.map((row) => of(row)?.max ?? 0));
  const share = (figure: number): string => `${end === 0 ? 0 : (100 * figure) / end}%`;
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {rows.map((row) => {
        const spread = of(row);
        return (
          <div class="bar-row" key={nameOf(row)}>
            <span class="bar-name">{nameOf(row)}</span>
            <span class="bar-track">
              {spread !== null && (
                <>
                  <span class={`bar ${row.verdict}`} style={{ width: share(spread.mean) }} />
                  {spread.max > spread.min && (
                    <span
                      class="bar-spread"
                      style={{ left: share(spread.min), width: share(spread.max - spread.min) }}
                      title={`${show(spread.min)} to ${show(spread.max)}`}
                    />
                  )}
                </>
              )}
            </span>
            <span class="bar-figure">{spread === null ? "-" : show(spread.mean)}</span>
          </div>
        );
      })}
    </figure>
  );
}
