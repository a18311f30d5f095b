import type { Order, Orders, Reason } from "./orders.ts";

/** An order with its number among those added, or -1 where it is that of a process. */
interface Step extends Order {
  readonly id: number;
}

/** Operations that must each come before the next, the last before the first; with all that proves it. */
export interface Cycle {
  readonly steps: readonly Order[];
  readonly proof: readonly Order[];
}

const mostStarts = 24;

/** The cycle with the shortest proof of several, among operations that have no place. */
export function findCycle(orders: Orders, left: readonly number[]): Cycle {
  const isLeft = new Set(left);
  const stride = Math.max(1, Math.floor(left.length / mostStarts));
  const starts = new Set<number>();
  for (let i = 0; i < left.length; i += stride) starts.add(onCycle(orders, isLeft, left[i]!));
  const cycles = Array.from(starts, (start): Cycle => {
    const steps = path(orders, start, start, orders.list.length) ?? [];
    return { steps, proof: proofOf(orders, steps) };
  }).filter(({ steps }) => steps.length > 0);
  const [shortest] = cycles.sort((a, b) => a.proof.length - b.proof.length || a.steps.length - b.steps.length);
  if (shortest === undefined) throw new Error("operations without a place, but no cycle among them");
  return shortest;
}

/** Going back from one without a place for long enough leads round a cycle. */
function onCycle(orders: Orders, isLeft: ReadonlySet<number>, from: number): number {
  const seen = new Set<number>();
  let op = from;
  while (!seen.has(op)) {
    seen.add(op);
    const before = [orders.previous(op), ...orders.entering(op).map((id) => orders.list[id]!.before)];
    op = before.find((other) => isLeft.has(other)) ?? op;
  }
  return op;
}

/** The fewest steps from one operation to another by the orders numbered below a limit; null: none. */
function path(orders: Orders, from: number, to: number, limit: number): Step[] | null {
  const by = new Map<number, Step>();
  const queue = [from];
  for (let i = 0; i < queue.length; i++) {
    for (const step of steps(orders, queue[i]!, limit)) {
      if (by.has(step.after)) continue;
      by.set(step.after, step);
      if (step.after === to) return traced(by, from, to);
      queue.push(step.after);
    }
  }
  return null;
}

function* steps(orders: Orders, before: number, limit: number): Generator<Step> {
  const next = orders.next(before);
  if (next >= 0) yield { before, after: next, reason: { type: "process" }, id: -1 };
  for (const id of orders.leaving(before)) if (id < limit) yield { ...orders.list[id]!, id };
}

function traced(by: ReadonlyMap<number, Step>, from: number, to: number): Step[] {
  const found: Step[] = [];
  for (let op = to; found.length === 0 || op !== from; op = found[0]!.before) found.unshift(by.get(op)!);
  return found;
}

/** The steps, and the orders that they follow from, and so on. */
function proofOf(orders: Orders, cycle: readonly Step[]): Order[] {
  const proof = new Map<string, Order>();
  const open = [...cycle];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const name = `${step.before} ${step.after}`;
    if (proof.has(name)) continue;
    proof.set(name, step);
    open.push(...groundsOf(orders, step));
  }
  return [...proof.values()];
}

function groundsOf(orders: Orders, { before, after, reason, id }: Step): Step[] {
  if (reason.type === "overwritten") {
    return [...seen(orders, after, reason.via), ...(path(orders, before, reason.via, id) ?? [])];
  }
  if (reason.type === "overwrites") {
    return [...seen(orders, reason.via, before), ...(path(orders, reason.via, after, id) ?? [])];
  }
  return [];
}

function seen(orders: Orders, writer: number, reader: number): Step[] {
  const id = orders.leaving(writer).find((order) => isSeen(orders.list[order]!, reader));
  return id === undefined ? [] : [{ ...orders.list[id]!, id }];
}

function isSeen({ after, reason }: { after: number; reason: Reason }, reader: number): boolean {
  return after === reader && reason.type === "saw";
}
