import { roleAmongMembers } from "../cluster/describe.ts";
import { keyActions } from "../cluster/keys.ts";
import type { NodeView } from "../cluster/local-cluster.ts";
import { fitted, harmless, unbroken, wrapped } from "./layout.ts";
import type { Paint, Size, Style } from "./terminal.ts";

export interface ClusterHeading {
  readonly title: string;
  /** How to ask a node over HTTP. */
  readonly curl: string;
}

interface ClusterScreen extends ClusterHeading {
  readonly nodes: readonly NodeView[];
  /** The place of the node that keys act on. */
  readonly selected: number;
  /** What came of the last action. */
  readonly message: string;
}

/** A running cluster: a row a node, one of them selected, and the keys that act on it. */
export function clusterView(screen: ClusterScreen, size: Size, paint: Paint): readonly string[] {
  const { title, curl, nodes, selected, message } = screen;
  const [shown, omitted] = columnsWithin(size.columns);
  const header = ["", "", ...shown.map(({ name }) => name)];
  const body = [
    ...wrapped(paint("bold", title), size.columns),
    paint("dim", rowOf(header, shown)),
    ...nodes.map((node, place) => nodeRow(node, place, place === selected, shown, paint)),
    ...details(nodes[selected], omitted, size, paint),
    ...wrapped(paint("dim", curl), size.columns),
  ];
  const footer = [
    ...wrapped(paint("dim", helpLine(nodes.length)), size.columns),
    ...wrapped(paint("yellow", harmless(message)), size.columns),
  ];
  return fitted(body, footer, size);
}

interface Column {
  readonly name: string;
  readonly width: number;
  /** A terminal that is too narrow for all columns has those of the lowest ranks. */
  readonly rank: number;
  readonly of: (node: NodeView) => string;
}

const columns: readonly Column[] = [
  { name: "node", width: 6, rank: 1, of: ({ id }) => id },
  { name: "state", width: 8, rank: 2, of: ({ state }) => state },
  { name: "role", width: 14, rank: 3, of: ({ status }) => (status === null ? "" : roleAmongMembers(status)) },
  { name: "term", width: 6, rank: 4, of: ({ status }) => shown(status?.term) },
  { name: "leader", width: 8, rank: 5, of: ({ status }) => status?.leader ?? "" },
  { name: "last", width: 9, rank: 8, of: ({ status }) => shown(status?.lastLogIndex) },
  { name: "commit", width: 9, rank: 6, of: ({ status }) => shown(status?.commitIndex) },
  { name: "applied", width: 9, rank: 7, of: ({ status }) => shown(status?.lastApplied) },
  { name: "snapshot", width: 10, rank: 9, of: ({ status }) => shown(status?.snapshotIndex) },
  { name: "http", width: 15, rank: 10, of: ({ http }) => http },
];
const selectorWidths = [2, 3];

/** The columns that fit, and those that do not, both in the order of the table. */
function columnsWithin(width: number): readonly [shown: readonly Column[], omitted: readonly Column[]] {
  const widthOf = (some: readonly Column[]) => sum(selectorWidths) + sum(some.map((column) => column.width));
  const upTo = (rank: number) => columns.filter((column) => column.rank <= rank);
  const rank = columns.map((column) => column.rank).filter((each) => widthOf(upTo(each)) <= width);
  const last = Math.max(0, ...rank);
  return [upTo(last), columns.filter((column) => column.rank > last)];
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

function nodeRow(node: NodeView, place: number, selected: boolean, shown: readonly Column[], paint: Paint): string {
  const cells = [selected ? "›" : "", String(place + 1), ...shown.map(({ of }) => of(node))];
  const style = [...styleOf(node), ...(selected ? (["inverse"] as const) : [])];
  return paint(style, rowOf(cells, shown));
}

function rowOf(cells: readonly string[], shown: readonly Column[]): string {
  const widths = [...selectorWidths, ...shown.map(({ width }) => width)];
  return cells.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join("");
}

/** What the table has no room for, of the selected node. */
function details(node: NodeView | undefined, omitted: readonly Column[], size: Size, paint: Paint): readonly string[] {
  if (node === undefined || omitted.length === 0) return [];
  const values = omitted.map(({ name, of }) => unbroken(`${name} ${of(node) || "-"}`));
  return wrapped(`${paint("dim", `${node.id}:`)} ${values.join("  ")}`, size.columns);
}

function styleOf({ state, status }: NodeView): readonly Exclude<Style, readonly unknown[]>[] {
  if (state === "killed" || state === "exited") return ["red"];
  if (state === "paused" || state === "silent") return ["yellow"];
  if (status?.role === "leader") return ["green", "bold"];
  if (status?.role !== "follower") return ["yellow"];
  return roleAmongMembers(status) === "spare" ? ["dim"] : [];
}

function shown(index: number | undefined): string {
  return index === undefined ? "" : String(index);
}

function helpLine(nodes: number): string {
  const actions = keyActions.map(({ key, label }) => `${key} ${label}`);
  const entries = [`1-${nodes} or arrows select`, ...actions, "q quit"];
  return entries.map(unbroken).join("   ");
}
