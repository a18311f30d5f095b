import { duration, moment } from "../../../analysis/words.ts";
import { formatCount } from "../../ui/format.ts";
import { useStore } from "../../ui/store.ts";
import type { RunDigest } from "../digest/types.ts";
import { faultText } from "./faultText.ts";
import type { TimeView } from "./timeView.ts";

/** Everything known of the moment pointed at, in one line of words. */
export function Readout({ digest, view }: { digest: RunDigest; view: TimeView }) {
  const atS = useStore(view.cursorS);
  if (atS === null) return <p class="readout note">Point at the charts to read the figures of a moment.</p>;
  return (
    <p class="readout">
      <strong>{moment(atS * 1e9)}</strong>
      <span>{ratesAt(digest, atS)}</span>
      <span>{latencyAt(digest, atS)}</span>
      <span>{leadersAt(digest, atS)}</span>
      <span>{faultsAt(digest, atS)}</span>
    </p>
  );
}

function ratesAt({ throughput }: RunDigest, atS: number): string {
  const bucket = Math.floor((atS * 1e9) / throughput.bucketNs);
  const rate = (counts: readonly number[]) => formatCount(((counts[bucket] ?? 0) * 1e9) / throughput.bucketNs);
  return `${rate(throughput.ok)} ok/s, ${rate(throughput.fail)} fail/s, ${rate(throughput.info)} info/s`;
}

function latencyAt({ latency }: RunDigest, atS: number): string {
  const bucket = Math.floor((atS * 1e9) / latency.bucketNs);
  const [p50, p99, max] = [latency.p50[bucket], latency.p99[bucket], latency.max[bucket]];
  if (p50 == null || p99 == null || max == null) return "no ok operation";
  return `median ${duration(p50)}, p99 ${duration(p99)}, max ${duration(max)}`;
}

function leadersAt({ nodes }: RunDigest, atS: number): string {
  const atNs = atS * 1e9;
  const leaders = nodes.flatMap(({ node, segments }) => {
    const segment = segments.find(({ fromNs, toNs }) => fromNs <= atNs && atNs < toNs);
    return segment?.leads ? [`${node} (${segment.term === null ? segment.role : `term ${segment.term}`})`] : [];
  });
  if (nodes.length === 0) return "";
  return leaders.length === 0 ? "no leader" : `leader ${leaders.join(" and ")}`;
}

function faultsAt({ faults }: RunDigest, atS: number): string {
  const atNs = atS * 1e9;
  return faults
    .filter(({ fromNs, toNs }) => fromNs <= atNs && atNs < (toNs ?? Infinity))
    .map(faultText)
    .join("; ");
}
