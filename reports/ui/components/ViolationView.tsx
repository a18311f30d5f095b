import type { OperationView } from "../../../analysis/results.ts";
import type { FaultDigest, ViolationScene } from "../../digest/types.ts";
import { describeOperation } from "../format.ts";
import { showStretch, type TimeView } from "../timeView.ts";
import { useWidth } from "../useWidth.ts";
import { OperationsTable } from "./OperationsTable.tsx";
import { RoleLegend } from "./RoleLegend.tsx";
import { ViolationTimeline } from "./ViolationTimeline.tsx";

interface Props {
  violation: ViolationScene;
  faults: readonly FaultDigest[];
  view: TimeView;
}

/** One contradiction: drawn, argued, and as a table. */
export function ViolationView({ violation, faults, view }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const active = faults.filter((fault) => violation.faultIds.includes(fault.id));
  const { orders } = violation;
  const name = (index: number) => nameOf(index, violation.operations);
  return (
    <div class="violation-body" ref={ref}>
      <p class="note">
        Key <code>{violation.key}</code>, found by the check {violation.checker}.{" "}
        <button
          type="button"
          class="quiet no-print"
          onClick={() => showStretch(view, violation.fromNs, violation.toNs)}
        >
          Show in the run over time
        </button>
      </p>
      {width > 0 && <ViolationTimeline violation={violation} faults={active} width={width} />}
      <RoleLegend lanes={violation.nodes} />
      {orders.length > 0 && (
        <>
          <h3>Why no order fits</h3>
          <ol class="orders">
            {orders.map((order) => (
              <li key={`${order.before} ${order.after}`}>
                <span class="order-pair">
                  {name(order.before)} before {name(order.after)}:
                </span>{" "}
                {order.why}
              </li>
            ))}
          </ol>
          <p class="conclusion">Every order that keeps to these has the same flaw: {violation.meaning}.</p>
        </>
      )}
      <OperationsTable operations={violation.operations} />
    </div>
  );
}

/** `write 41 (#2117)`. */
function nameOf(index: number, operations: readonly OperationView[]): string {
  const operation = operations.find((candidate) => candidate.index === index);
  return operation ? `${describeOperation(operation)} (#${index})` : `#${index}`;
}
