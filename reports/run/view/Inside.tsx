import { moment } from "../../../analysis/words.ts";
import { asSentence } from "../../ui/format.ts";
import type { InsideScene } from "../digest/types.ts";
import { LikelyCauseNote } from "./LikelyCauseNote.tsx";
import { NodeSteps } from "./NodeSteps.tsx";
import { showStretch, type TimeView } from "./timeView.ts";

/** What was seen inside of the store: the rule, what was found, and what the nodes did before. */
export function Inside({ scene, view }: { scene: InsideScene; view: TimeView }) {
  const { invariant, name, statement, nodes, detail, atNs, turns, steps } = scene;
  const fromNs = turns[0]?.timeNs ?? steps[0]?.timeNs ?? atNs;
  return (
    <section aria-labelledby="inside" class="inside">
      <h2 id="inside">What went wrong inside the store</h2>
      <dl class="finding">
        <dt>required</dt>
        <dd>
          <span class="kind">{invariant}</span> <strong>{name}</strong>
          {statement !== null && `: ${asSentence(statement)}`}
        </dd>
        <dt>found</dt>
        <dd>
          At {moment(atNs)}, <strong>{nodes.join(", ")}</strong>: {asSentence(detail)}
        </dd>
      </dl>
      <LikelyCauseNote cause={scene.cause} />
      <p class="note no-print">
        <button type="button" class="quiet" onClick={() => showStretch(view, fromNs, atNs)}>
          Show in the run over time
        </button>
      </p>
      <NodeSteps caption="Campaigns, elections, starts and crashes before the last steps" steps={turns} scene={scene} />
      <NodeSteps
        caption="The last steps of all nodes, up to the one that broke the invariant"
        steps={steps}
        scene={scene}
      />
      {steps.length > 0 && (
        <p class="note">
          12@3 is the log entry at index 12 from term 3. The nodes in question are marked. Clock readings that led to
          nothing are not shown.
        </p>
      )}
    </section>
  );
}
