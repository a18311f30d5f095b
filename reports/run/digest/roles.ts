import { nodeLook } from "../../../analysis/node-looks.ts";
import { leads } from "../../../history/annotations.ts";
import type { HistoryEvent } from "../../../history/event.ts";
import type { NodeLane, RoleSegment } from "./types.ts";

/** Collects what the observer saw. */
export class RoleCollector {
  readonly #lanes = new Map<string, Omit<RoleSegment, "toNs">[]>();
  readonly #leaderTerms = new Set<number>();

  add(event: HistoryEvent): void {
    const look = nodeLook(event);
    if (look === null) return;
    const { node, role, term = null } = look;
    const lane = this.#lanes.get(node) ?? [];
    this.#lanes.set(node, lane);
    const last = lane.at(-1);
    if (last?.role === role && last.term === term) return;
    if (leads(look) && term !== null) this.#leaderTerms.add(term);
    lane.push({ role, leads: leads(look), term, fromNs: event.time });
  }

  /** Each node's segments up to the end of the run, nodes in their usual order (n2 before n10). */
  lanes(endNs: number): NodeLane[] {
    return [...this.#lanes]
      .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
      .map(([node, starts]) => ({
        node,
        segments: starts.map((start, at) => ({ ...start, toNs: starts[at + 1]?.fromNs ?? endNs })),
      }));
  }

  /** Terms in which the observer saw a leader. */
  elections(): number {
    return this.#leaderTerms.size;
  }
}

/** The lanes as a page can show them: at most so many segments; the narrowest join those that follow. */
export function thinLanes(lanes: readonly NodeLane[], durationNs: number, most: number): NodeLane[] {
  const total = lanes.reduce((sum, lane) => sum + lane.segments.length, 0);
  if (total <= most) return [...lanes];
  // Two neighbours together are wider than this, so a lane keeps no more than its share.
  const narrowNs = (2 * durationNs * lanes.length) / most;
  return lanes.map((lane) => ({ node: lane.node, segments: joinNarrow(lane.segments, narrowNs) }));
}

/** The part of each lane between two times. */
export function clipLanes(lanes: readonly NodeLane[], fromNs: number, toNs: number): NodeLane[] {
  return lanes.map(({ node, segments }) => ({
    node,
    segments: segments
      .filter((segment) => segment.fromNs < toNs && segment.toNs > fromNs)
      .map((segment) => ({
        ...segment,
        fromNs: Math.max(fromNs, segment.fromNs),
        toNs: Math.min(toNs, segment.toNs),
      })),
  }));
}

function joinNarrow(segments: readonly RoleSegment[], narrowNs: number): RoleSegment[] {
  const joined: RoleSegment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last && segment.toNs - last.fromNs < narrowNs) joined[joined.length - 1] = { ...segment, fromNs: last.fromNs };
    else joined.push(segment);
  }
  return joined;
}
