import type { InsideScene, NodeStep } from "../digest/types.ts";

interface Props {
  caption: string;
  steps: readonly NodeStep[];
  scene: Pick<InsideScene, "nodes" | "atNs">;
}

/** Steps of nodes as a table: when, where, what happened, and what the node did. */
export function NodeSteps({ caption, steps, scene: { nodes, atNs } }: Props) {
  if (steps.length === 0) return null;
  const timed = steps.some((step) => step.atNs !== null);
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
              {timed && <td class="number">{step.atNs === null ? "" : (step.atNs / 1e9).toFixed(4)}</td>}
              {timed && <td class="number">{step.atNs === null ? "" : ((atNs - step.atNs) / 1e6).toFixed(1)}</td>}
              <td>{step.node}</td>
              <td class="described">{step.cause}</td>
              <td class="described">
                {step.deeds.map((deed, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a node may do the same twice, and the order never changes
                  <div key={at}>{deed}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
