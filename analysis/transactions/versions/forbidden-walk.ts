import type { Edge, EdgeType, Effort, SmallGraph } from "./small-graph.ts";

/**
 * What a model forbids, as the closed walks that its graphs must not have, after the characterisations of Adya (PL-2,
 * PL-2+, PL-3U, PL-3) and of Cerone, Bernardi and Gotsman (read atomic, causal, prefix, parallel and plain snapshot
 * isolation). Any of them also forbids a walk of ww, wr and session edges alone.
 */
export const levels = [
  "G1c",
  "fractured-read",
  "causality-violation",
  "G-single",
  "prefix-violation",
  "G-nonadjacent",
  "G-update",
  "G2-item",
] as const;
export type Level = (typeof levels)[number];

/** Leads from a state (0, or 1 where no rw edge may follow) by an edge to the next; -1 where it may not be taken. */
type Transition = (state: number, type: EdgeType) => number;

const dependencies: Transition = (_, type) => (type === "rw" ? -1 : 0);
const any: Transition = () => 0;
const neverTwice: Transition = (state, type) => (type === "rw" ? (state === 0 ? 1 : -1) : 0);
/** A snapshot of a prefix is taken after what was read or came before in the session, not after what is overwritten. */
const afterRead: Transition = (state, type) => (type === "rw" ? (state === 0 ? 1 : -1) : type === "ww" ? 1 : 0);

const sees = (type: EdgeType): boolean => type === "wr" || type === "so";

/** A closed walk that the level forbids; null when the graph has none. */
export function forbiddenWalk(graph: SmallGraph, level: Level, effort: Effort): Edge[] | null {
  switch (level) {
    case "G1c":
      return closedWalk(graph, dependencies, effort);
    case "fractured-read":
      return closedWalk(graph, dependencies, effort) ?? oneMissed(graph, sees, 1, effort);
    case "causality-violation":
      return closedWalk(graph, dependencies, effort) ?? oneMissed(graph, sees, graph.nodes, effort);
    case "G-single":
      return closedWalk(graph, dependencies, effort) ?? oneMissed(graph, (type) => type !== "rw", graph.nodes, effort);
    case "prefix-violation":
      return closedWalk(graph, afterRead, effort);
    case "G-nonadjacent":
      return closedWalk(graph, neverTwice, effort);
    case "G-update":
      return oneReader(graph, effort);
    case "G2-item":
      return closedWalk(graph, any, effort);
  }
}

/** A short closed walk of edges that may follow one another, through the allowed nodes only. */
function closedWalk(
  graph: SmallGraph,
  next: Transition,
  effort: Effort,
  allowed: (node: number) => boolean = () => true,
): Edge[] | null {
  const start = nodeOnCycle(graph, next, effort, allowed);
  if (start === null) return null;
  return shortestPath(graph, next, effort, allowed, start, start)!;
}

/** A state that lies on a cycle: by depth-first search, of those on the path when an edge leads back to it. */
function nodeOnCycle(
  graph: SmallGraph,
  next: Transition,
  effort: Effort,
  allowed: (node: number) => boolean,
): number | null {
  const seen = new Uint8Array(graph.nodes * 2);
  const nextEdge = new Int32Array(graph.nodes * 2);
  for (let root = 0; root < graph.nodes * 2; root++) {
    if (seen[root] !== 0 || !allowed(root >> 1)) continue;
    const path = [root];
    seen[root] = onPath;
    while (path.length > 0) {
      const state = path.at(-1)!;
      const edges = graph.out[state >> 1]!;
      const place = nextEdge[state]!;
      if (place === edges.length) {
        seen[state] = done;
        effort.spend(edges.length + 1);
        path.pop();
        continue;
      }
      nextEdge[state] = place + 1;
      const edge = edges[place]!;
      const to = next(state & 1, edge.type);
      if (to < 0 || !allowed(edge.to)) continue;
      const target = edge.to * 2 + to;
      if (seen[target] === onPath) return target;
      if (seen[target] === done) continue;
      seen[target] = onPath;
      path.push(target);
    }
  }
  return null;
}

const onPath = 1;
const done = 2;

/** The fewest edges from one state to another, at least one; null when none lead there. */
function shortestPath(
  graph: SmallGraph,
  next: Transition,
  effort: Effort,
  allowed: (node: number) => boolean,
  from: number,
  to: number,
): Edge[] | null {
  const cameBy = new Map<number, { edge: Edge; state: number }>();
  let level = [from];
  while (level.length > 0) {
    const following: number[] = [];
    for (const state of level) {
      effort.spend(graph.out[state >> 1]!.length);
      for (const edge of graph.out[state >> 1]!) {
        const reached = next(state & 1, edge.type);
        const target = edge.to * 2 + reached;
        if (reached < 0 || !allowed(edge.to) || cameBy.has(target)) continue;
        cameBy.set(target, { edge, state });
        if (target === to) return pathBack(cameBy, from, to);
        following.push(target);
      }
    }
    level = following;
  }
  return null;
}

function pathBack(cameBy: ReadonlyMap<number, { edge: Edge; state: number }>, from: number, to: number): Edge[] {
  const path: Edge[] = [];
  let state = to;
  do {
    const step = cameBy.get(state)!;
    path.push(step.edge);
    state = step.state;
  } while (state !== from);
  return path.reverse();
}

/** A transaction that missed a write though a path of such edges, of at most so many, leads from the write to it. */
function oneMissed(
  graph: SmallGraph,
  follows: (type: EdgeType) => boolean,
  longest: number,
  effort: Effort,
): Edge[] | null {
  const next: Transition = (_, type) => (follows(type) ? 0 : -1);
  for (const edges of graph.out) {
    for (const edge of edges) {
      if (edge.type !== "rw") continue;
      if (longest === 1) {
        effort.spend(graph.out[edge.to]!.length);
        const back = graph.out[edge.to]!.find((one) => one.to === edge.from && follows(one.type));
        if (back !== undefined) return [edge, back];
        continue;
      }
      const back = shortestPath(graph, next, effort, () => true, edge.to * 2, edge.from * 2);
      if (back !== null) return [edge, ...back];
    }
  }
  return null;
}

/** A closed walk through transactions that write and at most one that only reads. */
function oneReader(graph: SmallGraph, effort: Effort): Edge[] | null {
  const among = closedWalk(graph, any, effort, (node) => graph.writes[node]!);
  if (among !== null) return among;
  for (let reader = 0; reader < graph.nodes; reader++) {
    if (graph.writes[reader] === true) continue;
    const walk = closedWalk(graph, any, effort, (node) => node === reader || graph.writes[node]!);
    if (walk !== null) return walk;
  }
  return null;
}
