import type { OperationView } from "../../../analysis/results.ts";
import type { FaultDigest, NodeLane, RoleSegment, ViolationScene } from "./types.ts";

/** What went on in a run. */
export interface Course {
  readonly faults: readonly FaultDigest[];
  readonly lanes: readonly NodeLane[];
  readonly endNs: number;
}

/** What a node that answered wrongly was at that moment, who led, and what had been done to it. */
export interface Situation {
  readonly node: string;
  readonly atNs: number;
  /** What the observer last saw of the node; null where nobody looked. */
  readonly role: Pick<RoleSegment, "role" | "leads" | "term"> | null;
  /** Other nodes that led the newest term of that moment, and since when; none where it was the node itself. */
  readonly leader: { readonly nodes: readonly string[]; readonly term: number; readonly sinceNs: number } | null;
  /** Faults of the node: those active then, else those that had ended since the contradiction began. */
  readonly hits: readonly Hit[];
  /** Other faults that took effect between the first of the operations and that moment. */
  readonly elsewhere: readonly FaultDigest[];
  /** Faults that had taken effect until then, by name. */
  readonly faults: ReadonlySet<string>;
}

/** A fault, as one node met with it. */
export interface Hit {
  readonly fault: FaultDigest;
  /** Whether it had ended before. */
  readonly over: boolean;
  /** Nodes that the node did not hear, and those that did not hear it. */
  readonly unheard: readonly string[];
  readonly deaf: readonly string[];
}

/** The operation whose answer cannot be right: what missed a write, or else what ended last. Null where no node is named. */
export function suspectOf({
  operations,
  orders,
}: Pick<ViolationScene, "operations" | "orders">): (OperationView & { readonly node: string }) | null {
  const missed = orders.find(({ type }) => type === "rw")?.before;
  const answered = operations.filter(hasNode).toSorted((one, other) => endOf(one) - endOf(other));
  return answered.find(({ index }) => index === missed) ?? answered.at(-1) ?? null;
}

/** What was the case at a node at a moment; `fromNs`: when what is to be explained began. */
export function situationAt(
  node: string,
  { fromNs, atNs }: { readonly fromNs: number; readonly atNs: number },
  { lanes, faults }: Course,
): Situation {
  const seen = segmentAt(lanes.find((lane) => lane.node === node)?.segments ?? [], atNs);
  const role = seen && { role: seen.role, leads: seen.leads, term: seen.term };
  const took = faults.filter((fault) => fault.effective && fault.fromNs <= atNs && (fault.toNs ?? Infinity) >= fromNs);
  const hits = took.filter((fault) => isHitBy(node, fault)).map((fault) => hitOf(node, fault, atNs));
  const active = hits.filter(({ over }) => !over);
  return {
    ...{ node, atNs, role },
    leader: leaderAt(node, lanes, atNs),
    hits: active.length > 0 ? active : hits,
    elsewhere: took.filter((fault) => !isHitBy(node, fault)),
    faults: new Set(faults.filter(({ effective, fromNs }) => effective && fromNs <= atNs).map(({ fault }) => fault)),
  };
}

function hasNode(operation: OperationView): operation is OperationView & { readonly node: string } {
  return operation.node !== undefined;
}

function endOf({ completedAtNs, invokedAtNs }: OperationView): number {
  return completedAtNs ?? invokedAtNs;
}

function segmentAt(segments: readonly RoleSegment[], atNs: number): RoleSegment | null {
  return segments.findLast(({ fromNs }) => fromNs <= atNs) ?? null;
}

/** Who led the newest term that had a leader. */
function leaderAt(node: string, lanes: readonly NodeLane[], atNs: number): Situation["leader"] {
  const led = lanes.flatMap((lane) =>
    lane.segments.flatMap(({ leads, term, fromNs }) =>
      leads && term !== null && fromNs <= atNs ? [{ node: lane.node, term, fromNs }] : [],
    ),
  );
  const term = Math.max(...led.map((each) => each.term));
  const others = led.filter((each) => each.term === term && each.node !== node);
  if (others.length === 0) return null;
  const nodes = [...new Set(others.map((each) => each.node))];
  return { nodes, term, sinceNs: Math.min(...others.map(({ fromNs }) => fromNs)) };
}

function isHitBy(node: string, { nodes, cut }: FaultDigest): boolean {
  return cut.length > 0 ? cut.some((edge) => edge.includes(node)) : nodes.includes(node);
}

function hitOf(node: string, fault: FaultDigest, atNs: number): Hit {
  return {
    fault,
    over: fault.toNs !== null && fault.toNs < atNs,
    unheard: fault.cut.flatMap(([from, to]) => (to === node ? [from] : [])),
    deaf: fault.cut.flatMap(([from, to]) => (from === node ? [to] : [])),
  };
}
