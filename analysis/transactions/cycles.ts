import { type Components, findComponents, membersOf, View } from "./components.ts";
import { anyRw, edgeTypes, type Graph, withinComponents } from "./graph.ts";
import { PathSearch, type PathStep } from "./shortest-cycle.ts";
import { simplify } from "./simple-cycle.ts";

/** Cycles by what they are made of, strongest evidence first: what forbids a class forbids those before it too. */
export const cycleClasses = ["G0", "G1c", "G-single", "G-nonadjacent", "G2-item"] as const;
export type CycleClass = (typeof cycleClasses)[number];

/** What besides reads and writes may order transactions, and how a cycle is called that needs it. */
export const extents = ["data", "process", "realtime"] as const;
export type Extent = (typeof extents)[number];
export type CycleName = `${CycleClass}${"" | "-process" | "-realtime"}`;

/** Transactions that each come before the next, the last before the first. `types[i]` leads from `rows[i]` on. */
export interface Cycle {
  readonly name: CycleName;
  readonly rows: readonly number[];
  readonly types: readonly number[];
}

export interface FoundCycles {
  /** A short example each, at most `maxExamples` of a name. */
  readonly cycles: readonly Cycle[];
  /** Of a name: in how many separate groups of transactions it was found. */
  readonly counts: ReadonlyMap<CycleName, number>;
  /** False: some groups were too large to look for G-single in all of them. */
  readonly complete: boolean;
  /** Rows that lie on cycles with one another. */
  readonly groups: readonly (readonly number[])[];
}

export interface CycleLimits {
  readonly maxExamples: number;
  /** How many edges of a group are tried as the start of its shortest cycle. */
  readonly maxSources: number;
  /** How many edges all searches together may look at. */
  readonly maxEdges: number;
}

export const defaultLimits: CycleLimits = { maxExamples: 8, maxSources: 1000, maxEdges: 50_000_000 };

/** Every class of cycles that the graph has, each group of transactions under the strongest one it shows. */
export function findCycles(whole: Graph, extent: Extent, limits: CycleLimits = defaultLimits): FoundCycles {
  const components = findComponents(new View(whole, 0xff));
  if (components.count === 0) return { cycles: [], counts: new Map(), complete: true, groups: [] };
  const hunt = new Hunt(withinComponents(whole, components.of), limits, membersOf(components, whole.transactions));
  for (const reach of extents.slice(0, extents.indexOf(extent) + 1)) hunt.at(reach);
  return hunt;
}

const extentEdges = {
  data: { rw: edgeTypes.rw, more: 0 },
  process: { rw: edgeTypes.rw, more: edgeTypes.process },
  realtime: { rw: anyRw, more: edgeTypes.process | edgeTypes.realtime },
} as const satisfies Record<Extent, { rw: number; more: number }>;

const notFound = cycleClasses.length;

class Hunt implements FoundCycles {
  readonly cycles: Cycle[] = [];
  readonly counts = new Map<CycleName, number>();
  complete = true;
  readonly groups: readonly (readonly number[])[];
  readonly #graph: Graph;
  readonly #limits: CycleLimits;
  readonly #paths: PathSearch;
  /** Of a node: the rank of the strongest class found so far in a group that it is in. */
  readonly #found: Uint8Array;

  constructor(graph: Graph, limits: CycleLimits, groups: readonly (readonly number[])[]) {
    this.#graph = graph;
    this.groups = groups;
    this.#limits = limits;
    this.#paths = new PathSearch(limits.maxEdges);
    this.#found = new Uint8Array(graph.nodes).fill(notFound);
  }

  at(extent: Extent): void {
    const { rw, more } = extentEdges[extent];
    const { ww, wr, wwAfterRead } = edgeTypes;
    const graph = this.#graph;
    const all = new View(graph, ww | wwAfterRead | wr | rw | more);
    const groups = findComponents(all);
    if (groups.count === 0) return;
    const search = { extent, groups, found: this.#foundIn(groups) };
    const writes = new View(graph, ww | more);
    this.#seek("G0", search, { inside: writes, witness: ww, path: writes });
    const flow = new View(graph, ww | wr | more);
    this.#seek("G1c", search, { inside: flow, witness: wr, path: flow });
    const alternating = new View(graph, all.mask, true);
    const after = new View(graph, ww | wwAfterRead | wr | more);
    this.#seek("G-single", search, { inside: after, witness: wwAfterRead, path: after });
    this.#seek("G-single", search, { inside: alternating, witness: rw, path: after });
    this.#seek("G-nonadjacent", search, { inside: alternating, witness: rw, path: alternating });
    this.#seek("G2-item", search, { inside: all, witness: rw, path: all });
    for (let node = 0; node < graph.nodes; node++) {
      const group = groups.of[node]!;
      if (group >= 0) this.#found[node] = search.found[group]!;
    }
  }

  #foundIn(groups: Components): Uint8Array {
    const found = new Uint8Array(groups.count).fill(notFound);
    for (let node = 0; node < this.#graph.nodes; node++) {
      const group = groups.of[node]!;
      if (group >= 0) found[group] = Math.min(found[group]!, this.#found[node]!);
    }
    return found;
  }

  /** Looks for one class in the groups where none as strong is known. */
  #seek(name: CycleClass, { extent, groups, found }: Search, rule: Rule): void {
    const rank = cycleClasses.indexOf(name);
    const { graph } = rule.inside;
    const components = findComponents(rule.inside);
    const shortest = new Map<number, Attempt>();
    for (let node = 0; node < graph.transactions && components.count > 0; node++) {
      const group = groups.of[node]!;
      if (group < 0 || found[group]! <= rank) continue;
      const state = rule.inside.alternating ? node * 2 : node;
      const component = components.of[state]!;
      if (component < 0) continue;
      for (let edge = graph.starts[node]!; edge < graph.starts[node + 1]!; edge++) {
        if ((graph.types[edge]! & rule.witness) === 0) continue;
        if (components.of[rule.inside.follow(state, edge)] !== component) continue;
        this.#attempt(shortest, group, suffixed(name, extent), rule, node, edge);
      }
    }
    for (const [group, { path }] of shortest) {
      if (path === null && name === "G-single") continue;
      found[group] = rank;
      this.#record(name, extent, path);
    }
  }

  /** Follows one edge of the class, unless the group's example is as short as can be already. */
  #attempt(
    shortest: Map<number, Attempt>,
    group: number,
    name: CycleName,
    { path: view }: Rule,
    node: number,
    edge: number,
  ): void {
    const attempt = shortest.get(group) ?? { path: null, length: Number.POSITIVE_INFINITY, tried: 0 };
    shortest.set(group, attempt);
    if (attempt.length <= 2) return;
    const needed = attempt.path === null && this.#examples(name) === 0 && !name.startsWith("G-single");
    if (!needed && (this.#paths.exhausted || attempt.tried >= this.#limits.maxSources)) {
      if (attempt.path === null && name.startsWith("G-single")) this.complete = false;
      return;
    }
    attempt.tried++;
    const target = this.#graph.targets[edge]!;
    const [from, to] = view.alternating ? [target * 2 + 1, node * 2] : [target, node];
    const path = this.#paths.shortest(view, from, to, attempt.length - 1);
    if (path === null) return;
    attempt.path = [{ state: to, edge }, ...path].map((step) => ({ ...step, state: view.node(step.state) }));
    attempt.length = attempt.path.filter((step) => step.state < this.#graph.transactions).length;
  }

  #record(found: CycleClass, extent: Extent, path: readonly PathStep[] | null): void {
    const steps = simplify((path ?? []).filter(({ state }) => state < this.#graph.transactions).map(this.#typed));
    const single = found === "G-nonadjacent" && steps.filter(({ type }) => (type & anyRw) !== 0).length === 1;
    const name = suffixed(single ? "G-single" : found, extent);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (path === null || this.#examples(name) >= this.#limits.maxExamples) return;
    const rows = steps.map(({ node }) => this.#graph.rows?.[node] ?? node);
    this.cycles.push({ name, rows, types: steps.map(({ type }) => type) });
  }

  readonly #typed = ({ state, edge }: PathStep): { node: number; type: number } => {
    return { node: state, type: this.#graph.types[edge]! };
  };

  #examples(name: CycleName): number {
    return this.cycles.filter((cycle) => cycle.name === name).length;
  }
}

/** The groups of transactions at one extent, and the rank of the strongest class found in each. */
interface Search {
  readonly extent: Extent;
  readonly groups: Components;
  readonly found: Uint8Array;
}

/** A class: an edge of the witness's type in a component of one view, closed by a path in another. */
interface Rule {
  readonly inside: View;
  readonly witness: number;
  readonly path: View;
}

interface Attempt {
  path: readonly PathStep[] | null;
  length: number;
  tried: number;
}

function suffixed(name: CycleClass, extent: Extent): CycleName {
  return extent === "data" ? name : `${name}-${extent}`;
}
