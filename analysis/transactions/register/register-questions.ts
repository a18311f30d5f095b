import { none } from "../../operations/operation-table.ts";
import { type Namer, show } from "../anomaly.ts";
import { findComponents, membersOf, View } from "../components.ts";
import type { Extent } from "../cycles.ts";
import { buildGraph, type EdgeSource, edgeTypes } from "../graph.ts";
import { orderSources } from "../time-edges.ts";
import { buildProblem, keysOf, type VersionedKey } from "../versions/build-problem.ts";
import type { Group, OpenQuestions } from "../versions/decide.ts";
import { levels } from "../versions/forbidden-walk.ts";
import { hasSerialOrder } from "../versions/serial-order.ts";
import type { Edge } from "../versions/small-graph.ts";
import type { RegisterHistory } from "./register-history.ts";
import { RegisterSerialRules } from "./register-serial-rules.ts";
import type { Updates } from "./updates.ts";
import { Versions } from "./versions.ts";

/** More transactions than this are not decided together: the edges between them grow with the square. */
const maxGroup = 300;

/** What is open about registers: of which versions nobody saw which one came first. */
export class RegisterQuestions implements OpenQuestions {
  readonly levels = levels;
  readonly #history: RegisterHistory;
  readonly #updates: Updates;
  readonly #edges: EdgeSource;
  readonly #versions: Versions;
  readonly #groups = new Map<Extent, readonly (Group | "too-large")[]>();

  /** `edges`: those that are known for certain whatever the model. */
  constructor(history: RegisterHistory, updates: Updates, edges: EdgeSource) {
    this.#history = history;
    this.#updates = updates;
    this.#edges = edges;
    this.#versions = new Versions(history);
  }

  hasSerialOrder(extent: Extent): boolean {
    const { table, committed } = this.#history;
    const graph = buildGraph(table.count, [this.#edges, ...orderSources(table, committed, extent)]);
    const rules = () => new RegisterSerialRules(this.#history, this.#versions, extent === "realtime");
    return hasSerialOrder(graph, (row) => committed[row] === 1, rules);
  }

  groups(extent: Extent): readonly (Group | "too-large")[] {
    const known = this.#groups.get(extent) ?? this.#findGroups(extent);
    this.#groups.set(extent, known);
    return known;
  }

  #findGroups(extent: Extent): readonly (Group | "too-large")[] {
    const { table, committed } = this.#history;
    const sources = [this.#edges, ...orderSources(table, committed, extent), this.#anyOrder(extent)];
    const components = findComponents(new View(buildGraph(table.count, sources), 0xff));
    return membersOf(components, table.count).map((rows) => {
      return rows.length > maxGroup ? "too-large" : this.#group(rows, extent);
    });
  }

  /**
   * The edges of every order that the versions of a key may have had. Real time cuts the versions into clusters: all of
   * one are before all of the next.
   */
  #anyOrder(extent: Extent): EdgeSource {
    return ({ edge, helper }) => {
      for (const clusters of this.#versions.clusters(extent === "realtime")) {
        let before: number = none;
        for (const cells of clusters) {
          const after = helper();
          const within = cells.length > 1 ? helper() : none;
          if (before !== none) edge(before, after, edgeTypes.ww);
          for (const cell of cells) {
            const writer = this.#history.committedWriter(cell);
            if (before !== none) edge(before, writer, edgeTypes.ww);
            for (const row of [writer, ...this.#versions.readers(cell)]) {
              edge(row, after, edgeTypes.ww);
              if (within !== none) edge(row, within, edgeTypes.ww);
            }
            if (within !== none) edge(within, writer, edgeTypes.ww);
          }
          before = after;
        }
      }
    };
  }

  #group(rows: readonly number[], extent: Extent): Group {
    const { table } = this.#history;
    const keys = keysOf(table, rows).filter((key) => this.#history.judged(key));
    const cells = keys.map((key) => [none, ...this.#cellsOf(rows, key)]);
    const known = keys.map((key, at): VersionedKey => {
      const versions = cells[at]!.map((cell) => ({
        writer: cell === none ? none : this.#history.committedWriter(cell),
        readers: cell === none ? this.#versions.firstReaders(key) : this.#versions.readers(cell),
      }));
      return { versions, order: (a, b) => this.#order(cells[at]![a]!, cells[at]![b]!, extent) };
    });
    return {
      rows,
      problem: buildProblem(table, rows, extent, known),
      key: (key) => table.key(keys[key]!),
      version: (key, version) => this.#value(cells[key]![version]!),
      why: (edge, name) => this.#why(rows, keys, cells, edge, name),
    };
  }

  /** The versions of the key that the rows wrote or read. */
  #cellsOf(rows: readonly number[], key: number): number[] {
    const { table } = this.#history;
    const cells = new Set<number>();
    for (const row of rows) {
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        const cell = table.stepValue[step]!;
        if (table.stepKey[step] === key && this.#versions.isKnown(cell)) cells.add(cell);
      }
    }
    return [...cells];
  }

  #order(a: number, b: number, extent: Extent): number {
    if (this.#updates.replacedBy(b) === a) return -1;
    if (this.#updates.replacedBy(a) === b) return 1;
    if (extent !== "realtime") return 0;
    const [aFirst, bFirst] = [this.#versions.isBefore(a, b), this.#versions.isBefore(b, a)];
    return aFirst === bFirst ? 0 : aFirst ? -1 : 1;
  }

  #why(
    rows: readonly number[],
    keys: readonly number[],
    cells: readonly (readonly number[])[],
    { from, to, type, key, before, after, assumed }: Edge,
    name: Namer,
  ): string {
    const [first, second] = [name(rows[from]!), name(rows[to]!)];
    const register = this.#history.table.key(keys[key]!);
    const value = this.#value(cells[key]![before]!);
    if (type === "wr") return `${second} read ${register} as ${value}, which ${first} wrote`;
    const next = this.#value(cells[key]![after]!);
    const told = assumed || before === 0 || !this.#isByTime(cells[key]![before]!, cells[key]![after]!);
    const since = told ? "" : ` (${value} was certainly there before a transaction that knew ${next} began)`;
    if (type === "ww") return `${first} wrote ${value} to ${register}, and ${second} ${next} after it${since}`;
    return `${first} read ${register} as ${value}, before ${second} wrote ${next}${since}`;
  }

  /** Whether it takes real time to know which of the two versions came first. */
  #isByTime(a: number, b: number): boolean {
    return this.#order(a, b, "data") === 0;
  }

  #value(cell: number): string {
    return show(cell === none ? this.#history.initial : this.#history.value(cell));
  }
}
