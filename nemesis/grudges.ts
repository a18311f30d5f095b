import type { Edge } from "../history/annotations.ts";

/** Every edge between two nodes that share no group, in both directions. A node may be in several groups. */
export function cutBetween(groups: readonly (readonly string[])[]): Edge[] {
  const nodes = [...new Set(groups.flat())];
  const together = (one: string, other: string): boolean =>
    groups.some((group) => group.includes(one) && group.includes(other));
  return nodes.flatMap((from) =>
    nodes.filter((to) => to !== from && !together(from, to)).map((to): Edge => [from, to]),
  );
}

/** Every edge between one node and the others, in both directions. */
export function isolate(node: string, nodes: readonly string[]): Edge[] {
  return cutBetween([[node], nodes.filter((other) => other !== node)]);
}

/** Edges that lead to the node: it is heard, and hears nobody. */
export function deafen(node: string, nodes: readonly string[]): Edge[] {
  return nodes.filter((other) => other !== node).map((other): Edge => [other, node]);
}

/** Edges that lead away from the node: it hears, and is heard by nobody. */
export function mute(node: string, nodes: readonly string[]): Edge[] {
  return nodes.filter((other) => other !== node).map((other): Edge => [node, other]);
}

/**
 * Nodes in a ring, each seeing its neighbours on both sides, as many as make a majority with it, no two the same ones
 * (Jepsen's majorities-ring). Sight is mutual, or a majority that is seen could not answer. Needs four nodes: of three,
 * each would see all.
 */
export function majoritiesRing(ring: readonly string[]): Edge[] {
  const majority = Math.floor(ring.length / 2) + 1;
  const eachSide = Math.ceil((majority - 1) / 2);
  const distance = (one: number, other: number): number =>
    Math.min((one - other + ring.length) % ring.length, (other - one + ring.length) % ring.length);
  return ring.flatMap((to, place) =>
    ring.filter((_, other) => distance(place, other) > eachSide).map((from): Edge => [from, to]),
  );
}

/** Two halves that meet only in one node, which sees everyone. */
export function bridge(shuffled: readonly string[]): Edge[] {
  const [middle, ...rest] = shuffled;
  const half = Math.ceil(rest.length / 2);
  return cutBetween([
    [middle!, ...rest.slice(0, half)],
    [middle!, ...rest.slice(half)],
  ]);
}
