import { formatDurationMs } from "../../controller/plan/duration.ts";
import { stages } from "../../controller/run/progress.ts";
import { leads, type NodeRecord } from "../../history/annotations.ts";
import { besideLabel, fitted, harmless, labelled, unbroken, wrapped } from "./layout.ts";
import type { RunStatus } from "./run-status.ts";
import { spinner } from "./spinner.ts";
import type { Paint, Size, Style } from "./terminal.ts";

const widestBar = 24;
const keysLine = "q or Ctrl-C stops the run and checks what was recorded";

interface RunScreen {
  readonly status: RunStatus;
  readonly nowMs: number;
  /** Whether the terminal can be typed on. */
  readonly takesKeys: boolean;
}

/** One run: phase and time left, operations, the verdict so far, the active fault, each node's role and term. */
export function runView({ status, nowMs, takesKeys }: RunScreen, size: Size, paint: Paint): readonly string[] {
  const row = (label: string, text: string) => labelled(label, text, size, paint);
  const seed = status.seed === null ? "" : paint("dim", ` seed ${status.seed}`);
  const body = [
    `${paint("bold", `keelhaul ${status.title}`)}${seed}`,
    ...row("phase", phase(status, nowMs, besideLabel(size), paint)),
    ...row("operations", operations(status, nowMs, paint)),
    ...row("so far", soFar(status, paint)),
    ...row("fault", fault(status, nowMs, paint)),
    ...(status.changes.tried > 0 ? row("changes", changes(status, paint)) : []),
    ...row("nodes", nodes(status, paint)),
    ...status.warnings.flatMap((warning) => row("warning", paint("yellow", harmless(warning)))),
  ];
  return fitted(body, takesKeys ? wrapped(paint("dim", keysLine), size.columns) : [], size);
}

function phase(
  { stage, stageSinceMs, step, timeLimitMs }: RunStatus,
  nowMs: number,
  columns: number,
  paint: Paint,
): string {
  const elapsedMs = nowMs - stageSinceMs;
  if (stage !== "load") {
    const doing = step === null ? "" : `: ${harmless(step)}`;
    const elapsed = elapsedMs < 1000 ? "" : paint("dim", ` ${formatDurationMs(Math.floor(elapsedMs / 1000) * 1000)}`);
    return `${paint("cyan", spinner(nowMs))} ${stages[stage]}${doing}${elapsed}`;
  }
  const passedMs = Math.min(elapsedMs, timeLimitMs);
  const left = `${formatDurationMs(timeLimitMs - passedMs)} left`;
  const width = Math.max(0, Math.min(widestBar, columns - stages.load.length - left.length - 2));
  const filled = Math.round((passedMs / timeLimitMs) * width);
  const bar = `${paint("cyan", "█".repeat(filled))}${paint("dim", "░".repeat(width - filled))}`;
  return `${stages.load} ${bar} ${left}`;
}

function operations({ rate, outcomes }: RunStatus, nowMs: number, paint: Paint): string {
  const { ok, fail, info } = outcomes;
  const counts = [paint("green", `${ok} ok`), paint("yellow", `${fail} fail`), paint("magenta", `${info} info`)];
  return `${rate.perSecond(nowMs)}/s ${counts.join(" ")}`;
}

function soFar({ soFar }: RunStatus, paint: Paint): string {
  if (soFar === null) return paint("dim", "not checked yet");
  const color = ({ valid: "green", invalid: "red", unknown: "yellow" } as const)[soFar.verdict];
  return `${paint([color, "bold"], soFar.verdict)} ${harmless(soFar.summary)}`;
}

function fault({ active, faults }: RunStatus, nowMs: number, paint: Paint): string {
  const tally = paint("dim", `${faults.injected} injected, ${faults.effective} effective`);
  if (active === null) return tally;
  const { name, record, sinceMs } = active;
  const what = paint(
    [record.effective ? "yellow" : "red", "bold"],
    `${name}:${record.variant} on ${record.nodes.join(", ")}`,
  );
  return `${what} for ${formatDurationMs(nowMs - sinceMs)}${record.effective ? "" : ", NOT effective"}  ${tally}`;
}

function changes({ changes: { last, tried, made } }: RunStatus, paint: Paint): string {
  return `${last}${paint("dim", `  ${tried} tried, ${made} made`)}`;
}

function nodes({ nodes }: RunStatus, paint: Paint): string {
  const texts = [...nodes.values()].sort(byNode).map((record) => {
    const { node, role, term } = record;
    const shownTerm = term === undefined ? "" : ` ${paint("dim", `t${term}`)}`;
    return unbroken(`${node} ${paint(roleStyle(record), role)}${shownTerm}`);
  });
  return texts.join("   ");
}

function roleStyle(record: NodeRecord): Style {
  const { role } = record;
  if (leads(record)) return ["green", "bold"];
  if (role === "candidate" || role === "pre-candidate") return "yellow";
  return role === "down" || role === "unreachable" ? "red" : "dim";
}

function byNode(one: NodeRecord, other: NodeRecord): number {
  return one.node.localeCompare(other.node, "en", { numeric: true });
}
