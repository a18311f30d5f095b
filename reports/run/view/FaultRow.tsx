import { duration, moment } from "../../../analysis/words.ts";
import { formatCount, formatShare } from "../../ui/format.ts";
import type { FaultDigest } from "../digest/types.ts";
import { EvidenceList } from "./EvidenceList.tsx";
import { showStretch, type TimeView } from "./timeView.ts";

/** One injection in figures, and below it the evidence. */
export function FaultRow({ fault, view }: { fault: FaultDigest; view: TimeView }) {
  const { id, label, variant, nodes, fromNs, toNs, effective, window, color, problems } = fault;
  const show = () => showStretch(view, fromNs, toNs ?? view.wholeS[1] * 1e9);
  return (
    <tbody>
      <tr class="first">
        <td class="number">{id}</td>
        <td>
          <span class={effective ? "swatch" : "swatch hollow"} style={{ "--swatch": color }} />
          {label}
          {variant !== fault.fault && <span class="muted"> {variant}</span>}
        </td>
        <td>{nodes.join(", ")}</td>
        <td class="number">{moment(fromNs)}</td>
        <td class="number">{toNs === null ? "to the end" : duration((toNs - fromNs) / 1e6)}</td>
        <td>{effectOf(fault)}</td>
        <td class="number">
          {window
            ? `${formatCount(window.answered)} of ${formatCount(window.total)} (${formatShare(window.answered, window.total)})`
            : "-"}
        </td>
        <td class="number">{recovery(fault)}</td>
        <td class="no-print">
          <button type="button" class="quiet" onClick={show} aria-label={`Show fault ${id} in the figures over time`}>
            Show
          </button>
        </td>
      </tr>
      <tr class="second">
        <td />
        <td colSpan={8}>
          {problems.map((problem) => (
            <p class="alarm" key={problem}>
              {problem}
            </p>
          ))}
          <EvidenceList fault={fault} />
        </td>
      </tr>
    </tbody>
  );
}

function effectOf({ effective, change }: FaultDigest) {
  if (effective) return "✓ yes";
  return change ? "✗ not made" : <strong class="alarm">✗ NO EFFECT</strong>;
}

function recovery({ window, toNs, change }: FaultDigest): string {
  if (change) return "-";
  if (toNs === null) return "not healed";
  if (!window) return "-";
  return window.recoveryMs === null ? "not seen" : duration(window.recoveryMs);
}
