import type { OperationView } from "../../../analysis/results.ts";
import { toSeconds } from "../../ui/format.ts";
import { describeOperation } from "./describe.ts";

/** The operations of a violation in words and figures, for those who cannot or will not read a drawing. */
export function OperationsTable({
  operations,
  names = [],
}: {
  operations: readonly OperationView[];
  names?: readonly string[];
}) {
  return (
    <div class="scroll">
      <table>
        <caption>The same operations as a table; # is the index of its invocation in the history</caption>
        <thead>
          <tr>
            {names.length > 0 && <th>name</th>}
            <th class="number">#</th>
            <th class="number">process</th>
            <th>node</th>
            <th>operation</th>
            <th class="number">invoked, s</th>
            <th class="number">completed, s</th>
            <th>outcome</th>
          </tr>
        </thead>
        <tbody>
          {operations.map((operation, at) => (
            <tr key={operation.index}>
              {names.length > 0 && <td>{names[at]}</td>}
              <td class="number">{operation.index}</td>
              <td class="number">{operation.process}</td>
              <td>{operation.node ?? "-"}</td>
              <td class="described">{describeOperation(operation)}</td>
              <td class="number">{toSeconds(operation.invokedAtNs).toFixed(6)}</td>
              <td class="number">
                {operation.completedAtNs === undefined ? "never" : toSeconds(operation.completedAtNs).toFixed(6)}
              </td>
              <td class={operation.outcome}>
                {operation.outcome}
                {operation.error && ` (${operation.error})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
