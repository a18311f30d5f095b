import { type Blocks, buildBlocks, writerInv, writerRet } from "./blocks.ts";
import { certificate, replay } from "./certificate.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import { Stages } from "./stages.ts";
import { type ValueColumns, valueColumns } from "./values.ts";
import { ZoneIndex } from "./zones.ts";

/** How the refused compare-and-sets of a key were decided. */
export type RefusalVerdict =
  | { readonly verdict: "valid" }
  /** The refusal that nothing can explain. */
  | { readonly verdict: "invalid"; readonly refusal: number }
  | { readonly verdict: "unknown" };

/**
 * A refused compare-and-set saw *some* value other than the one it compared with. Finds for each a block of values
 * that can host it as a read: one where it changes nothing, else one that can grow to it without a conflict. A refusal
 * without any possible host is a violation, whatever the others do. Success is proven by the certificate of the
 * history in which each refusal is a read of its host's value; what greedy choice cannot decide stays unknown.
 */
export function decideRefusals(history: KeyHistory, columns: ValueColumns, blocks: Blocks): RefusalVerdict {
  const placement = new Placement(history, columns, blocks);
  const refusals = openRefusals(history, columns);
  const hosts = new Map<number, number>();
  const hard: number[] = [];
  for (const refusal of refusals) {
    const value = placement.freeHost(refusal);
    if (value >= 0) hosts.set(refusal, value);
    else hard.push(refusal);
  }
  for (const refusal of hard) if (placement.isRefuted(refusal)) return { verdict: "invalid", refusal };
  for (const [refusal, value] of hosts) placement.settle(refusal, value);
  hard.sort((a, b) => history.ret[a]! - history.ret[b]!);
  for (const refusal of hard) {
    const value = placement.place(refusal);
    if (value < 0) return { verdict: "unknown" };
    hosts.set(refusal, value);
  }
  return isProven(history, hosts) ? { verdict: "valid" } : { verdict: "unknown" };
}

/** Refusals that ask for a host. One that compared with a value that never was there is right to be refused. */
function openRefusals(history: KeyHistory, columns: ValueColumns): number[] {
  const refusals: number[] = [];
  for (let op = 0; op < history.count; op++) {
    if (history.kind[op]! !== kinds.refused) continue;
    const compared = history.from[op]!;
    if (compared === initialValue || columns.held[compared] === 1) refusals.push(op);
  }
  return refusals;
}

/** Whether the history with each refusal as a read of its host's value is linearizable, by its certificate. */
function isProven(history: KeyHistory, hosts: ReadonlyMap<number, number>): boolean {
  const kind = history.kind.slice();
  const from = history.from.slice();
  const to = history.to.slice();
  for (const [refusal, value] of hosts) {
    kind[refusal] = kinds.read;
    from[refusal] = value;
    to[refusal] = -1;
  }
  const hosted: KeyHistory = { ...history, kind, from, to };
  const columns = valueColumns(hosted);
  if (columns.problems.length > 0 || openRefusals(hosted, columns).length > 0) return false;
  const blocks = buildBlocks(hosted, columns);
  if (blocks.disorder !== null || blocks.circle !== null) return false;
  return replay(hosted, certificate(hosted, columns, blocks)) === null;
}

/** So many blocks are looked at to the right of a refusal before it is left undecided. */
const maxLookahead = 4096;
/** So many blocks may have grown before the index is built again. */
const maxGrown = 1024;

interface Host {
  readonly block: number;
  readonly value: number;
  readonly firstEnd: number;
  readonly lastBegin: number;
}

class Placement {
  readonly #history: KeyHistory;
  readonly #columns: ValueColumns;
  readonly #blocks: Blocks;
  readonly #stages: Stages;
  /** Of blocks as they have grown so far. */
  readonly #firstEnd: Float64Array;
  readonly #lastBegin: Float64Array;
  #index: ZoneIndex;
  /** From each place of the index on, the earliest beginning of a block's first write. */
  readonly #earliestRoot: Float64Array;
  readonly #baseIndex: ZoneIndex;
  #grown = new Map<number, { firstEnd: number; lastBegin: number }>();
  /** Unanswered writes that nobody saw, in the order of their beginnings: each may host a refusal. */
  readonly #unseenWrites: number[] = [];
  /** The beginning of the first unanswered compare-and-set that nobody saw: it might explain what comes after it. */
  readonly #unseenCasInv: number;
  readonly #compared: Uint8Array;
  #nextOwnBlock: number;

  constructor(history: KeyHistory, columns: ValueColumns, blocks: Blocks) {
    this.#history = history;
    this.#columns = columns;
    this.#blocks = blocks;
    this.#stages = new Stages(history, columns, blocks);
    this.#firstEnd = blocks.firstEnd.slice();
    this.#lastBegin = blocks.lastBegin.slice();
    this.#index = this.#baseIndex = new ZoneIndex(this.#firstEnd, this.#lastBegin);
    this.#nextOwnBlock = blocks.count;
    this.#earliestRoot = earliestRoots(history, columns, blocks, this.#baseIndex.order);
    this.#compared = new Uint8Array(history.values);
    let unseenCasInv = Number.POSITIVE_INFINITY;
    for (let op = 0; op < history.count; op++) {
      const kind = history.kind[op]!;
      if (kind === kinds.refused) this.#compared[history.from[op]!] = 1;
      const unseen = history.to[op]! >= 0 && columns.held[history.to[op]!] === 0;
      if (!unseen || history.ret[op]! !== Number.POSITIVE_INFINITY) continue;
      if (kind === kinds.write) this.#unseenWrites.push(op);
      else unseenCasInv = Math.min(unseenCasInv, history.inv[op]!);
    }
    this.#unseenCasInv = unseenCasInv;
  }

  /** A value that the refusal can have seen without moving anything; -1 for none. */
  freeHost(refusal: number): number {
    const { inv, ret, compared } = this.#times(refusal);
    for (const block of this.#nearby(inv, ret).blocks) {
      if (ret < this.#blocks.firstEnd[block]! || inv > this.#blocks.lastBegin[block]!) continue;
      const value = this.#stages.steadyValue(block, inv, ret, compared);
      if (value >= 0) return value;
    }
    return -1;
  }

  /** Whether nothing can have hosted the refusal, even if it were the only one. */
  isRefuted(refusal: number): boolean {
    const { inv, ret, compared } = this.#times(refusal);
    if (this.#heldThroughout(inv, ret, compared)) return true;
    if (this.#unseenCasInv <= ret) return false;
    const write = this.#unseenWrites[0];
    if (write !== undefined && this.#history.inv[write]! <= ret && this.#ownBlock(write, inv, ret) !== null)
      return false;
    const nearby = this.#nearby(inv, ret);
    return nearby.complete && this.#hosts(refusal, nearby.blocks).length === 0;
  }

  /** Grows the cheapest host to the refusal and returns the value seen; -1 when none is left. */
  place(refusal: number): number {
    const { inv, ret } = this.#times(refusal);
    const hosts = this.#hosts(refusal, this.#nearby(inv, ret).blocks);
    const cost = (host: Host): number => this.#growth(host);
    const best = hosts.reduce<Host | null>((a, b) => (a === null || cost(b) < cost(a) ? b : a), null);
    if (best === null) return this.#placeInUnseenWrite(inv, ret);
    this.#grow(best);
    this.settle(refusal, best.value);
    return best.value;
  }

  /** From here on, the refusal is a read of the value. */
  settle(refusal: number, value: number): void {
    this.#stages.observe(value, this.#history.inv[refusal]!, this.#history.ret[refusal]!);
  }

  /** All that saw a value stands together, so between two that saw it the register held nothing else. */
  #heldThroughout(inv: number, ret: number, value: number): boolean {
    const { minReadRet, maxReadInv, leaving } = this.#columns;
    const firstEnd = Math.min(minReadRet[value]!, writerRet(this.#history, this.#columns, value));
    const left = leaving[value]! < 0 ? Number.NEGATIVE_INFINITY : this.#history.inv[leaving[value]!]!;
    return firstEnd < inv && Math.max(maxReadInv[value]!, left) > ret;
  }

  #times(refusal: number): { inv: number; ret: number; compared: number } {
    const { inv, ret, from } = this.#history;
    return { inv: inv[refusal]!, ret: ret[refusal]!, compared: from[refusal]! };
  }

  /**
   * Blocks that can be current in some instant between two times. One that began to end before a block that was over
   * at `inv` is out: it would have to come both before and after that one.
   */
  #nearby(inv: number, ret: number): { blocks: number[]; complete: boolean } {
    const { order } = this.#baseIndex;
    const { firstEnd, lastBegin } = this.#blocks;
    const over = this.#baseIndex.longestEndedBefore(inv, -1);
    const border = over < 0 ? Number.NEGATIVE_INFINITY : lastBegin[over]!;
    const blocks: number[] = [];
    const middle = this.#baseIndex.countEndedBefore(ret);
    for (let i = middle - 1; i >= 0 && firstEnd[order[i]!]! >= border; i--) blocks.push(order[i]!);
    if (over >= 0 && firstEnd[over]! < border) blocks.push(over);
    let i = middle;
    for (; i < order.length && this.#earliestRoot[i]! <= ret && i - middle < maxLookahead; i++) blocks.push(order[i]!);
    return { blocks, complete: i === order.length || this.#earliestRoot[i]! > ret };
  }

  #hosts(refusal: number, nearby: readonly number[]): Host[] {
    const { inv, ret, compared } = this.#times(refusal);
    const hosts: Host[] = [];
    for (const block of nearby) {
      const steady = this.#stages.steadyValue(block, inv, ret, compared);
      const value = steady >= 0 ? steady : this.#stages.anyValue(block, inv, ret, compared);
      if (value < 0) continue;
      const firstEnd = Math.min(this.#firstEnd[block]!, ret);
      const lastBegin = Math.max(this.#lastBegin[block]!, inv);
      if (this.#isFree(firstEnd, lastBegin, block)) hosts.push({ block, value, firstEnd, lastBegin });
    }
    return hosts;
  }

  #isFree(firstEnd: number, lastBegin: number, block: number): boolean {
    if (this.#index.conflict(firstEnd, lastBegin, block) >= 0) return false;
    for (const [other, zone] of this.#grown) {
      if (other !== block && zone.firstEnd < lastBegin && zone.lastBegin > firstEnd) return false;
    }
    return true;
  }

  #growth(host: Host): number {
    const grown = this.#firstEnd[host.block]! - host.firstEnd + host.lastBegin - this.#lastBegin[host.block]!;
    return Number.isNaN(grown) ? 0 : grown;
  }

  #grow(host: Host): void {
    this.#firstEnd[host.block] = host.firstEnd;
    this.#lastBegin[host.block] = host.lastBegin;
    this.#grown.set(host.block, { firstEnd: host.firstEnd, lastBegin: host.lastBegin });
    if (this.#grown.size < maxGrown) return;
    const own = [...this.#grown].filter(([block]) => block >= this.#blocks.count);
    this.#index = new ZoneIndex(this.#firstEnd, this.#lastBegin);
    this.#grown = new Map(own);
  }

  /** A block of its own for an unseen write that only the refusal sees; null when it conflicts with another. */
  #ownBlock(write: number, inv: number, ret: number): { firstEnd: number; lastBegin: number } | null {
    const zone = { firstEnd: ret, lastBegin: Math.max(inv, this.#history.inv[write]!) };
    return this.#isFree(zone.firstEnd, zone.lastBegin, -1) ? zone : null;
  }

  /** A write whose value another refusal compared with would raise a new question, so it is left alone. */
  #placeInUnseenWrite(inv: number, ret: number): number {
    const at = this.#unseenWrites.findIndex((write) => this.#compared[this.#history.to[write]!] === 0);
    const write = this.#unseenWrites[at];
    if (write === undefined || this.#history.inv[write]! > ret) return -1;
    const zone = this.#ownBlock(write, inv, ret);
    if (zone === null) return -1;
    this.#unseenWrites.splice(at, 1);
    this.#grown.set(this.#nextOwnBlock++, zone);
    return this.#history.to[write]!;
  }
}

function earliestRoots(history: KeyHistory, columns: ValueColumns, blocks: Blocks, order: Uint32Array): Float64Array {
  const earliest = new Float64Array(order.length);
  let first = Number.POSITIVE_INFINITY;
  for (let i = order.length - 1; i >= 0; i--) {
    first = Math.min(first, writerInv(history, columns, blocks.stages[blocks.starts[order[i]!]!]!));
    earliest[i] = first;
  }
  return earliest;
}
