import { useStore } from "../../ui/store.ts";
import { useWidth } from "../../ui/useWidth.ts";
import type { RunDigest } from "../digest/types.ts";
import { FaultStrip } from "./FaultStrip.tsx";
import { LatencyChart } from "./LatencyChart.tsx";
import { NodeLanes } from "./NodeLanes.tsx";
import { Readout } from "./Readout.tsx";
import { ThroughputChart } from "./ThroughputChart.tsx";
import { TimeAxis } from "./TimeAxis.tsx";
import { TimeStack } from "./TimeStack.tsx";
import type { TimeView } from "./timeView.ts";
import { ViolationMarks } from "./ViolationMarks.tsx";

/** Faults, throughput, latency and roles under one time axis. */
export function OverTime({ digest, view }: { digest: RunDigest; view: TimeView }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const rangeS = useStore(view.rangeS);
  const zoomed = rangeS !== view.wholeS;
  return (
    <section aria-labelledby="over-time" id="time">
      <h2 id="over-time">The run over time</h2>
      <div class="stack-head">
        <Readout digest={digest} view={view} />
        <button type="button" class="quiet" disabled={!zoomed} onClick={() => view.rangeS.set(view.wholeS)}>
          Whole run
        </button>
      </div>
      <div ref={ref}>
        {width > 0 && (
          <TimeStack view={view} width={width}>
            <FaultStrip faults={digest.faults} rangeS={rangeS} width={width} />
            <ViolationMarks digest={digest} rangeS={rangeS} width={width} />
            <ThroughputChart digest={digest} rangeS={rangeS} width={width} />
            <LatencyChart digest={digest} rangeS={rangeS} width={width} />
            <NodeLanes digest={digest} rangeS={rangeS} width={width} />
            <TimeAxis rangeS={rangeS} width={width} phases={digest.phases} />
          </TimeStack>
        )}
      </div>
      <p class="note no-print">
        Drag to zoom in; double-click or press Escape to see the whole run. Arrow keys move the line; + and - zoom.
      </p>
    </section>
  );
}
