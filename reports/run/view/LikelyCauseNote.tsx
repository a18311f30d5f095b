import { asSentence } from "../../ui/format.ts";
import type { LikelyCause } from "../digest/types.ts";

/** What most probably led to a violation, in two sentences. */
export function LikelyCauseNote({ cause }: { cause: LikelyCause | null }) {
  if (cause === null) return null;
  return (
    <p class="likely-cause">
      <strong>Likely cause</strong> {asSentence(cause.situation)}
      {cause.explanation !== null && ` ${asSentence(cause.explanation)}`}
    </p>
  );
}
