import type { StepRecord } from "../../../history/steps.ts";
import type { InsideScene } from "../digest/types.ts";
import { effectsWords, eventWords } from "./stepWords.ts";

interface Props {
  caption: string;
  steps: readonly StepRecord[];
  scene: Pick<InsideScene, "nodes" | "atNs">;
}

/** Steps of nodes as a table: when, where, what happened, and what the node did. */
export function NodeSteps({ caption, steps, scene: { nodes, atNs } }: Props) {
  if (steps.length === 0) return null;
  const timed = steps.some((step) => step.timeNs !== undefined);
  return (
    <div class="scroll">
      <table class="node-steps">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th class="number">step</th>
            {timed && <th class="number">at, s</th>}
            {timed && <th class="number">before, ms</th>}
            <th>node</th>
            <th>what happened</th>
            <th>what it did</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.step} class={nodes.includes(step.node) ? "involved" : ""}>
              <td class="number">{step.step}</td>
              {timed && <td class="number">{step.timeNs === undefined ? "" : (step.timeNs / 1e9).toFixed(4)}</td>}
              {timed && (
                <td class="number">{step.timeNs === undefined ? "" : ((atNs - step.timeNs) / 1e6).toFixed(1)}</td>
              )}
              <td>{step.node}</td>
              <td class="described">{eventWords(step.event)}</td>
              <td class="described">
                {effectsWords(step.effects).map((action) => (
                  <div key={action}>{action}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
