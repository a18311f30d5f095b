import "./soak.css";
import { duration } from "../../../analysis/words.ts";
import { Answer } from "../../ui/Answer.tsx";
import { Essential } from "../../ui/Essential.tsx";
import { asSentence, formatCount } from "../../ui/format.ts";
import { Page } from "../../ui/Page.tsx";
import { RunAgain } from "../../ui/RunAgain.tsx";
import type { SoakDigest } from "../digest.ts";
import { SegmentsTable } from "./SegmentsTable.tsx";
import { SeriesChart } from "./SeriesChart.tsx";

/** The page of a soak: the answer, whether anything drifted, and every segment. */
export default function SoakPage({ digest }: { digest: SoakDigest }) {
  const { verdict, summary, planned, rows, operations, faults, durationMs, seed, command } = digest;
  const { memory, maxMemoryMb, throughput, slowest } = digest;
  const lastMinute = Math.max(durationMs, 1) / 60_000;
  return (
    <Page subject="soak">
      <Answer verdict={verdict} sentence={asSentence(summary)}>
        <dl class="essentials">
          <Essential label="segments" value={`${formatCount(rows.length)} of ${formatCount(planned)}`}>
            judged, one after another on one cluster
          </Essential>
          <Essential label="operations" value={formatCount(operations)}>
            in all segments together
          </Essential>
          <Essential label="faults that took effect" value={`${formatCount(faults.effective)} of ${faults.injected}`}>
            in all segments together
          </Essential>
          <Essential label="duration" value={duration(durationMs)}>
            seed {seed}
          </Essential>
        </dl>
      </Answer>
      <section aria-labelledby="drift">
        <h2 id="drift">Did anything drift?</h2>
        <div class="series">
          <SeriesChart title="Answers per second" unit="" series={throughput} lastMinute={lastMinute} />
          <SeriesChart
            title="p99 latency outside faults, of the slowest operation"
            unit=" ms"
            series={slowest}
            lastMinute={lastMinute}
          />
          <SeriesChart
            title="Memory of Keelhaul itself"
            unit=" MB"
            series={memory}
            lastMinute={lastMinute}
            limit={maxMemoryMb}
          />
        </div>
      </section>
      <section aria-labelledby="segments">
        <h2 id="segments">Segments</h2>
        <p class="note">
          Each segment has clients, keys and faults of its own, on the cluster that all share. An answer is prompt when
          it comes within 250&nbsp;ms of when the operation was due.
        </p>
        <SegmentsTable rows={rows} />
      </section>
      <RunAgain command={command} />
    </Page>
  );
}
