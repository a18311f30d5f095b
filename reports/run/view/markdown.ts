import { duration, moment, plural } from "../../../analysis/words.ts";
import type { Evidence } from "../../../history/annotations.ts";
import { asSentence, formatCount, toSeconds, totalOf } from "../../ui/format.ts";
import type {
  FaultDigest,
  InsideScene,
  LikelyCause,
  NodeLane,
  RunDigest,
  ViolationGroup,
  ViolationScene,
} from "../digest/types.ts";
import { describeOperation } from "./describe.ts";
import { faultText } from "./faultText.ts";
import { operationName } from "./operationName.ts";
import { type PlanLine, planLines } from "./planLines.ts";

/** Facts of one fault that its cell has room for. */
const mostEvidence = 2;

/** A run for an issue tracker: the contradiction, its likely cause, what went on then, and how to run it again. */
export function runMarkdown(digest: RunDigest): string {
  const { verdict, summary, test, inside, groups, warnings } = digest;
  const parts = [
    `# ${verdict}: ${text(test?.name ?? "imported history")}`,
    text(asSentence(summary)),
    essentialsLine(digest),
    ...warnings.map((warning) => `> ${text(asSentence(warning))}`),
    ...(inside === null ? [] : insideParts(inside)),
    ...groups.flatMap((group) => groupParts(group, digest)),
    ...(test === null ? [] : planParts(planLines(test).changed, planLines(test).others, test.command)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function essentialsLine({ essentials: { operations, faults, elections, durationNs } }: RunDigest): string {
  return [
    `${formatCount(totalOf(operations))} operations (${formatCount(operations.ok)} ok, ${formatCount(operations.fail)} fail, ${formatCount(operations.info)} info)`,
    `${plural(faults.injected, "fault")}, ${formatCount(faults.effective)} effective`,
    `${formatCount(elections)} new terms with a leader`,
    duration(durationNs / 1e6),
  ].join("; ");
}

function insideParts({ invariant, name, statement, nodes, detail, atNs, cause }: InsideScene): string[] {
  return [
    "## What went wrong inside the store",
    `Required: **${invariant} ${text(name)}**${statement === null ? "" : `: ${text(asSentence(statement))}`}`,
    `Found at ${moment(atNs)}, ${text(nodes.join(", "))}: ${text(asSentence(detail))}`,
    ...causeParts(cause),
  ];
}

/** The first example of each kind: it is the clearest. */
function groupParts({ kind, meaning, count, examples }: ViolationGroup, digest: RunDigest): string[] {
  const scene = digest.violations[examples[0]!]!;
  const often = count > 1 ? ` (${formatCount(count)} times)` : "";
  return [
    `## ${text(kind)}${often}`,
    ...(meaning === kind ? [] : [text(asSentence(meaning))]),
    `**${text(asSentence(scene.sentence))}**`,
    ...causeParts(scene.cause),
    operationsTable(scene),
    ...ordersList(scene),
    ...rolesTable(scene.nodes),
    ...faultsTable(digest.faults.filter(({ id }) => scene.faultIds.includes(id))),
  ];
}

function causeParts(cause: LikelyCause | null): string[] {
  if (cause === null) return [];
  const sentences = [cause.situation, ...(cause.explanation === null ? [] : [cause.explanation])];
  return [`**Likely cause.** ${sentences.map((sentence) => text(asSentence(sentence))).join(" ")}`];
}

function operationsTable({ operations, names }: ViolationScene): string {
  const rows = operations.map((operation, at) => {
    const { index, process, node = "-", invokedAtNs, completedAtNs, outcome, error } = operation;
    const ended = completedAtNs === undefined ? "never" : toSeconds(completedAtNs).toFixed(6);
    return [
      `${names[at] ?? ""} #${index}`.trim(),
      ...[String(process), text(node), code(describeOperation(operation)), toSeconds(invokedAtNs).toFixed(6), ended],
      error === undefined ? outcome : `${outcome} (${text(error)})`,
    ];
  });
  return table(["operation", "process", "node", "what", "invoked, s", "completed, s", "outcome"], rows);
}

function ordersList(scene: ViolationScene): string[] {
  if (scene.orders.length === 0) return [];
  const name = (index: number): string => code(operationName(index, scene));
  const lines = scene.orders.map(({ before, after, why }) => `- ${name(before)} before ${name(after)}: ${text(why)}`);
  return [`Why no order fits:`, lines.join("\n")];
}

function rolesTable(lanes: readonly NodeLane[]): string[] {
  const rows = lanes.flatMap(({ node, segments }) =>
    segments.map(({ role, term, fromNs, toNs }) => [
      ...[text(node), text(role), term === null ? "-" : String(term)],
      ...[moment(fromNs), moment(toNs)],
    ]),
  );
  return rows.length === 0 ? [] : ["Roles at that time:", table(["node", "role", "term", "from", "to"], rows)];
}

function faultsTable(faults: readonly FaultDigest[]): string[] {
  if (faults.length === 0) return [];
  const rows = faults.map((fault) => [
    text(faultText(fault)),
    moment(fault.fromNs),
    fault.toNs === null ? "never healed" : moment(fault.toNs),
    evidenceCell(fault.evidence),
  ]);
  return ["Faults at that time:", table(["fault", "from", "to", "evidence"], rows)];
}

function evidenceCell(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, mostEvidence).map(({ subject, observation }) => text(`${subject}: ${observation}`));
  const more = evidence.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join("<br>") || "none";
}

function planParts(changed: readonly PlanLine[], others: readonly PlanLine[], command: string): string[] {
  const lines = (of: readonly PlanLine[]): string =>
    of.map(({ name, value }) => `- ${name}: ${code(value)}`).join("\n");
  return [
    ...(changed.length === 0 ? [] : ["## Settings that differ from their defaults", lines(changed)]),
    "## All other settings",
    lines(others),
    "## Run it again",
    `\`\`\`\n${command}\n\`\`\``,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const entities: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;" };

/** What histories and logs say, so that no tracker takes it for markup, or for somebody's name. */
function text(plain: string): string {
  return plain
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[<>&@]/g, (character) => entities[character]!)
    .replaceAll(/[\\`*_[\]|~]/g, (character) => `\\${character}`);
}

/** Inside of a table too: there a bar ends a cell even in code. */
function code(plain: string): string {
  const flat = plain.replaceAll(/\s+/g, " ").replaceAll("|", "\u2502");
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${flat}\`` : `${fence} ${flat} ${fence}`;
}
