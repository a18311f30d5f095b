import { useWidth } from "../../ui/useWidth.ts";
import type { Series } from "../digest.ts";

const height = 120;
const margin = { left: 68, right: 12, top: 10, bottom: 24 };

interface Props {
  title: string;
  unit: string;
  series: Series;
  /** Where its axis of time ends. */
  lastMinute: number;
  /** Drawn as a line that the values must stay below. */
  limit?: number;
}

/** A figure over the time of the soak, from zero up. */
export function SeriesChart({ title, unit, series: { minutes, values }, lastMinute, limit }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const highest = Math.max(1, limit ?? 0, ...values);
  const x = (minute: number): number => margin.left + (minute / lastMinute) * (width - margin.left - margin.right);
  const y = (value: number): number =>
    height - margin.bottom - (value / highest) * (height - margin.top - margin.bottom);
  const path = values.map((value, at) => `${at === 0 ? "M" : "L"}${x(minutes[at]!).toFixed(1)},${y(value).toFixed(1)}`);
  const shown = (value: number): string => `${Number(value.toPrecision(3)).toLocaleString("en-US")}${unit}`;
  return (
    <figure ref={ref}>
      <figcaption>{title}</figcaption>
      {width > 0 && values.length > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${title}: ${shown(values[0]!)} at first, ${shown(values.at(-1)!)} at last, ${shown(Math.max(...values))} at most`}
        >
          {[0, highest].map((value) => (
            <g key={value} class="axis">
              <line x1={margin.left} x2={width - margin.right} y1={y(value)} y2={y(value)} />
              <text x={margin.left - 6} y={y(value) + 4} text-anchor="end">
                {shown(value)}
              </text>
            </g>
          ))}
          {limit !== undefined && (
            <line class="limit" x1={margin.left} x2={width - margin.right} y1={y(limit)} y2={y(limit)} />
          )}
          <path d={path.join("")} class="line" />
          {values.length <= 60 &&
            values.map((value, at) => <circle key={minutes[at]} cx={x(minutes[at]!)} cy={y(value)} r="2.5" />)}
          <text x={margin.left} y={height - 6}>
            0 min
          </text>
          <text x={width - margin.right} y={height - 6} text-anchor="end">
            {Number(lastMinute.toPrecision(3))} min
          </text>
        </svg>
      )}
    </figure>
  );
}
