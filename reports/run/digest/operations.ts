import { outcomes } from "../../../analysis/operations/operation-table.ts";
import type { Timeline } from "../../../analysis/operations/timeline.ts";
import type { OutcomeCounts } from "../../../analysis/results.ts";

/** How the operations ended; one that never did counts as `info`. */
export function countOutcomes({ outcome }: Pick<Timeline, "outcome">): OutcomeCounts {
  const counts = [0, 0, 0];
  for (const code of outcome) counts[code]!++;
  return { ok: counts[outcomes.ok]!, fail: counts[outcomes.fail]!, info: counts[outcomes.info]! };
}
