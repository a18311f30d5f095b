import { Fragment } from "preact";
import type { LatencySummary } from "../../../analysis/results.ts";
import { duration } from "../../../analysis/words.ts";
import { formatCount } from "../../ui/format.ts";
import type { RunDigest } from "../digest/types.ts";
import { ErrorsTable } from "./ErrorsTable.tsx";

const quantiles = ["p50", "p95", "p99", "max"] as const satisfies (keyof LatencySummary)[];

/** Operations by function, and why those that did not end well did not. */
export function Statistics({ digest: { statistics, errors } }: { digest: RunDigest }) {
  if (!statistics && errors.length === 0) return null;
  return (
    <section aria-labelledby="statistics">
      <h2 id="statistics">Statistics</h2>
      {statistics && (
        <div class="scroll">
          <table>
            <caption>
              {formatCount(statistics.perSecond)} completed operations per second; latency of ok operations
            </caption>
            <thead>
              <tr>
                <th>function</th>
                {["ok", "fail", "info", ...quantiles].map((name) => (
                  <th class="number" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Object.entries(statistics.byFunction).map(([name, counts]) => (
                <Fragment key={name}>
                  <tr>
                    <td>{name}</td>
                    <td class="number ok">{formatCount(counts.ok)}</td>
                    <td class="number fail">{formatCount(counts.fail)}</td>
                    <td class="number info">{formatCount(counts.info)}</td>
                    <Latency latency={counts.latencyMs} />
                  </tr>
                  {counts.latencyFromDueMs && (
                    <tr>
                      <td colspan={4} class="from-due">
                        from when they were due, including the wait for a free client
                      </td>
                      <Latency latency={counts.latencyFromDueMs} />
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {errors.length > 0 && <ErrorsTable errors={errors} />}
    </section>
  );
}

function Latency({ latency }: { latency: LatencySummary | null }) {
  return quantiles.map((q) => (
    <td class="number" key={q}>
      {latency ? duration(latency[q]) : "-"}
    </td>
  ));
}
