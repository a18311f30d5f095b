import { useWidth } from "../../ui/useWidth.ts";
import type { FaultDigest, ViolationScene } from "../digest/types.ts";
import { ForcedOrders } from "./ForcedOrders.tsx";
import { LikelyCauseNote } from "./LikelyCauseNote.tsx";
import { LongestPrefix } from "./LongestPrefix.tsx";
import { OperationsTable } from "./OperationsTable.tsx";
import { operationName } from "./operationName.ts";
import { RoleLegend } from "./RoleLegend.tsx";
import { showStretch, type TimeView } from "./timeView.ts";
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
  const name = (index: number) => operationName(index, violation);
  return (
    <div class="violation-body" ref={ref}>
      <LikelyCauseNote cause={violation.cause} />
      <p class="note">
        {violation.key === null ? (
          "Found"
        ) : (
          <>
            Key <code>{violation.key}</code>, found
          </>
        )}{" "}
        by the check {violation.checker}
        {!violation.forbidden && "; the requested consistency model allows it"}.{" "}
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
      <ForcedOrders violation={violation} name={name} />
      {violation.prefix && <LongestPrefix prefix={violation.prefix} name={name} />}
      <OperationsTable operations={violation.operations} names={violation.names} />
    </div>
  );
}
