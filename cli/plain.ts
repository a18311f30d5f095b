import { formatDurationMs } from "../controller/plan/duration.ts";
import { type Progress, stages } from "../controller/run/progress.ts";
import { type FaultRecord, leads, type NodeRecord } from "../history/annotations.ts";
import type { Presenter } from "./presenter.ts";
import { visibleLine } from "./visible.ts";

const tallyEveryMs = 10_000;

/** One line for each thing that happens, and a tally of operations every ten seconds: for logs and CI. */
export function plainPresenter(print: (line: string) => void, nowMs: () => number): Presenter {
  const startedMs = nowMs();
  const counts = { ok: 0, fail: 0, info: 0 };
  let talliedMs = startedMs;
  const say = (line: string): void =>
    print(visibleLine(`${formatDurationMs(nowMs() - startedMs).padStart(7)}  ${line}`));
  return {
    watched: false,
    tell: (progress) => {
      if (progress.type === "operation") {
        counts[progress.outcome] += 1;
        if (nowMs() - talliedMs < tallyEveryMs) return;
        talliedMs = nowMs();
        say(`operations: ${counts.ok} ok, ${counts.fail} fail, ${counts.info} info`);
      } else {
        const line = describe(progress);
        if (line !== null) say(line);
      }
    },
    [Symbol.dispose]: () => {},
  };
}

function describe(progress: Exclude<Progress, { type: "operation" }>): string | null {
  switch (progress.type) {
    case "run":
      return `${progress.title}, seed ${progress.seed}, into ${progress.folder}`;
    case "stage":
      return stages[progress.stage];
    case "step":
      return `  ${progress.step}`;
    case "fault":
      return describeFault(progress);
    case "node":
      return leads(progress.record) ? describeLeader(progress.record) : null;
    case "so-far":
      return progress.verdict === "invalid" ? `violation: ${progress.summary}` : null;
    case "warning":
      return `warning: ${progress.warning}`;
  }
}

function describeLeader({ node, role, term }: NodeRecord): string {
  return term === undefined ? `${node} is ${role}` : `${node} leads term ${term}`;
}

/** What the cluster answered to a change, or why nobody answered. */
function changeAnswer({ problem, evidence }: FaultRecord): string {
  return problem ?? evidence.map(({ observation }) => observation).join("; ");
}

function describeFault({ name, record }: Extract<Progress, { type: "fault" }>): string {
  const what = `${name}:${record.variant} on ${record.nodes.join(", ")}`;
  const proofs = record.evidence.filter(({ proves }) => proves).length;
  const shown = `${proofs} of ${record.evidence.length} proofs`;
  if (record.action === "change") return `${record.effective ? "made" : "NOT made"}: ${what} (${changeAnswer(record)})`;
  if (record.action === "heal")
    return record.effective ? `healed ${what}` : `NOT shown to be healed: ${what} (${shown})`;
  if (record.effective) return `injected ${what} (${shown})`;
  return `NOT effective: ${what} (${record.problem ?? shown})`;
}
