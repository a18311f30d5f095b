import { duration } from "../../../analysis/words.ts";
import { formatCount, formatShare } from "../../ui/format.ts";
import type { FaultDigest } from "../digest/types.ts";
import { type FaultKind, summariseFaults } from "./faultSummary.ts";

/** A line a kind of fault, for runs with more injections than one cares to read one by one. */
export function FaultSummary({ faults }: { faults: readonly FaultDigest[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>fault</th>
            <th class="number">injected</th>
            <th class="number">effective</th>
            <th class="number">answered during the fault</th>
            <th class="number">first write after healing, median</th>
            <th class="number">longest</th>
            <th class="number">recoveries seen</th>
          </tr>
        </thead>
        <tbody>
          {summariseFaults(faults).map((kind) => (
            <KindRow key={kind.name} kind={kind} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KindRow({ kind }: { kind: FaultKind }) {
  const { recoveriesMs, injected, effective } = kind;
  const median = recoveriesMs[Math.floor(recoveriesMs.length / 2)];
  const longest = recoveriesMs.at(-1);
  return (
    <tr>
      <td>
        <span class="swatch" style={{ "--swatch": kind.color }} />
        {kind.name}
      </td>
      <td class="number">{formatCount(injected)}</td>
      <td class={effective < injected ? "number alarm" : "number"}>{formatCount(effective)}</td>
      <td class="number">{formatShare(kind.answered, kind.total)}</td>
      <td class="number">{median === undefined ? "-" : duration(median)}</td>
      <td class="number">{longest === undefined ? "-" : duration(longest)}</td>
      <td class="number">{formatCount(recoveriesMs.length)}</td>
    </tr>
  );
}
