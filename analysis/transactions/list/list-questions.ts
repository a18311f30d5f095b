import { none, outcomes } from "../../operations/operation-table.ts";
import type { Namer } from "../anomaly.ts";
import type { Extent } from "../cycles.ts";
import { stepKinds } from "../transaction-table.ts";
import { buildProblem, keysOf, type VersionedKey } from "../versions/build-problem.ts";
import type { Group, OpenQuestions } from "../versions/decide.ts";
import type { Level } from "../versions/forbidden-walk.ts";
import type { Edge } from "../versions/small-graph.ts";
import type { ListHistory } from "./list-history.ts";

/** More transactions than this are not decided together: the edges between them grow with the square. */
const maxGroup = 300;

/** What is open about lists: reads show the order of versions, but edges to the next one are not all that they imply. */
export class ListQuestions implements OpenQuestions {
  readonly levels = [
    "fractured-read",
    "causality-violation",
    "G-single",
    "prefix-violation",
    "G-nonadjacent",
    "G-update",
  ] as const;
  readonly #history: ListHistory;
  readonly #groups: readonly (readonly number[])[];

  /** `groups`: rows that lie on cycles with one another, at the widest extent. */
  constructor(history: ListHistory, groups: readonly (readonly number[])[]) {
    this.#history = history;
    this.#groups = groups;
  }

  hasSerialOrder(): boolean {
    return this.#groups.length === 0;
  }

  /** Where every order of versions is known, cycles decide the levels that have a class of their own. */
  groups(extent: Extent, level: Level): readonly (Group | "too-large")[] {
    const byCycles = level === "G-single" || level === "G-nonadjacent";
    const groups = byCycles ? this.#groups.filter((rows) => this.#isOpen(rows)) : this.#groups;
    return groups.map((rows) => (rows.length > maxGroup ? "too-large" : this.#group(rows, extent)));
  }

  /** Whether two of the rows append to a list what no read shows. */
  #isOpen(rows: readonly number[]): boolean {
    const members = new Set(rows);
    return keysOf(this.#history.table, rows).some((key) => {
      return (this.#history.unread[key] ?? []).filter((row) => members.has(row)).length > 1;
    });
  }

  #group(rows: readonly number[], extent: Extent): Group {
    const { table } = this.#history;
    const keys = keysOf(table, rows).filter((key) => this.#history.ordered(key));
    const known = keys.map((key) => new ListVersions(this.#history, rows, key));
    return {
      rows,
      problem: buildProblem(table, rows, extent, known),
      key: (key) => table.key(keys[key]!),
      version: (key, version) => known[key]!.shown(version),
      why: (edge, name) => why(table.key(keys[edge.key]!), known[edge.key]!, rows, edge, name),
    };
  }
}

/** The versions of a list that rows wrote or read: a version is what all appends of one transaction left. */
class ListVersions implements VersionedKey {
  readonly versions: { readonly writer: number; readonly readers: number[]; readonly element: unknown }[];
  /** How many of the versions reads show, in order; the rest came after those, nobody knows how. */
  readonly #shown: number;

  constructor(history: ListHistory, rows: readonly number[], key: number) {
    const { table, orders } = history;
    const versions: { writer: number; readers: number[]; element: unknown }[] = [
      { writer: none, readers: [], element: null },
    ];
    const versionAt: number[] = [0];
    for (const cell of orders.orderOf(key)) {
      const writer = history.committedWriter(cell);
      const element = table.values.value(cell);
      const last = versions.at(-1)!;
      if (writer !== none && writer === last.writer) versions[versions.length - 1] = { ...last, element };
      else if (writer !== none) versions.push({ writer, readers: [], element });
      versionAt.push(versions.length - 1);
    }
    this.#shown = versions.length;
    for (const row of history.unread[key] ?? []) {
      if (row !== versions[this.#shown - 1]!.writer) versions.push({ writer: row, readers: [], element: null });
    }
    for (const row of rows) {
      if (table.outcome[row] !== outcomes.ok) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        const length = table.stepValue[step]!;
        if (table.stepKey[step] !== key || table.stepKind[step] !== stepKinds.read || length < 0) continue;
        const version = versions[versionAt[length]!]!;
        if (version.writer !== row && version.readers.at(-1) !== row) version.readers.push(row);
      }
    }
    this.versions = versions;
  }

  readonly order = (a: number, b: number): number => (Math.min(a, b) < this.#shown ? a - b : 0);

  shown(version: number): string {
    return version === 0
      ? "nothing"
      : version < this.#shown
        ? JSON.stringify(this.versions[version]!.element)
        : "what no read shows";
  }
}

function why(list: string, known: ListVersions, rows: readonly number[], edge: Edge, name: Namer): string {
  const [first, second] = [name(rows[edge.from]!), name(rows[edge.to]!)];
  const version = known.shown(edge.before);
  const read = edge.before === 0 ? `read ${list} as []` : `read ${list} up to ${version}`;
  if (edge.type === "wr") return `${second} ${read}, which ${first} appended`;
  if (edge.type === "ww") return `${first} appended ${version} to ${list} before ${second} appended to it`;
  return `${first} ${read}, without what ${second} appended`;
}
