import { type Blocks, writerInv, writerRet } from "./blocks.ts";
import { GrownZones } from "./grown-zones.ts";
import { type KeyHistory, kinds } from "./key-history.ts";
import { Stages } from "./stages.ts";
import type { ValueColumns } from "./values.ts";
import { ZoneIndex } from "./zones.ts";

/** So many blocks are looked at to the right of a refusal before it is left undecided. */
const maxLookahead = 4096;
/** So many blocks may have grown before the index is built again. */
const maxGrown = 4096;

interface Host {
  readonly block: number;
  readonly value: number;
  readonly firstEnd: number;
  readonly lastBegin: number;
}

/** Blocks as hosts of refused compare-and-sets: which can take one, and how they grow when they do. */
export class Placement {
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
  readonly #grown = new GrownZones(maxGrown);
  /** Blocks of unseen writes that host a refusal; the index does not know them. */
  readonly #own: GrownZones;
  /** Unanswered writes that nobody saw, in the order of their beginnings: each may host a refusal. */
  readonly #unseenWrites: number[] = [];
  /** The beginning of the first unanswered compare-and-set that nobody saw: it might explain what comes after it. */
  readonly #unseenCasInv: number;
  /** Of a value: unanswered compare-and-sets from it that nobody saw. */
  readonly #unseenCas = new Map<number, number[]>();
  /** Of a block: the unseen compare-and-set that now is its last stage. */
  readonly #tails = new Map<number, number>();
  readonly #compared: Uint8Array;
  #ownCount = 0;

  constructor(history: KeyHistory, columns: ValueColumns, blocks: Blocks) {
    this.#history = history;
    this.#columns = columns;
    this.#blocks = blocks;
    this.#stages = new Stages(history, columns, blocks);
    this.#firstEnd = blocks.firstEnd.slice();
    this.#lastBegin = blocks.lastBegin.slice();
    this.#index = this.#baseIndex = new ZoneIndex(this.#firstEnd, this.#lastBegin);
    this.#earliestRoot = earliestRoots(history, columns, blocks, this.#baseIndex.order);
    this.#compared = new Uint8Array(history.values);
    let unseenCasInv = Number.POSITIVE_INFINITY;
    for (let op = 0; op < history.count; op++) {
      const kind = history.kind[op]!;
      if (kind === kinds.refused) this.#compared[history.from[op]!] = 1;
      const unseen = history.to[op]! >= 0 && columns.held[history.to[op]!] === 0;
      if (!unseen || history.ret[op]! !== Number.POSITIVE_INFINITY) continue;
      if (kind === kinds.write) this.#unseenWrites.push(op);
      else {
        unseenCasInv = Math.min(unseenCasInv, history.inv[op]!);
        this.#unseenCas.set(history.from[op]!, [...(this.#unseenCas.get(history.from[op]!) ?? []), op]);
      }
    }
    this.#unseenCasInv = unseenCasInv;
    this.#own = new GrownZones(this.#unseenWrites.length);
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
    if (best === null) {
      const tail = this.#placeInUnseenCas(inv, ret);
      return tail >= 0 ? tail : this.#placeInUnseenWrite(inv, ret);
    }
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
    if (this.#grown.conflicts(firstEnd, lastBegin, block)) return false;
    return !this.#own.conflicts(firstEnd, lastBegin, -1);
  }

  #growth(host: Host): number {
    const grown = this.#firstEnd[host.block]! - host.firstEnd + host.lastBegin - this.#lastBegin[host.block]!;
    return Number.isNaN(grown) ? 0 : grown;
  }

  #grow(host: Host): void {
    this.#firstEnd[host.block] = host.firstEnd;
    this.#lastBegin[host.block] = host.lastBegin;
    this.#grown.set(host.block, host.firstEnd, host.lastBegin);
    if (!this.#grown.isFull) return;
    this.#index = new ZoneIndex(this.#firstEnd, this.#lastBegin);
    this.#grown.clear();
  }

  /** A block of its own for an unseen write that only the refusal sees; null when it conflicts with another. */
  #ownBlock(write: number, inv: number, ret: number): { firstEnd: number; lastBegin: number } | null {
    const zone = { firstEnd: ret, lastBegin: Math.max(inv, this.#history.inv[write]!) };
    return this.#isFree(zone.firstEnd, zone.lastBegin, -1) ? zone : null;
  }

  /** Lets an unseen compare-and-set be the last stage of a nearby block, and the refusal see its value. */
  #placeInUnseenCas(inv: number, ret: number): number {
    for (const block of this.#nearby(inv, ret).blocks) {
      const last = this.#blocks.stages[this.#blocks.starts[block + 1]! - 1]!;
      for (const cas of this.#unseenCas.get(last) ?? []) {
        if (this.#compared[this.#history.to[cas]!] === 1 || (this.#tails.get(block) ?? cas) !== cas) continue;
        const begun = Math.max(this.#lastBegin[block]!, this.#history.inv[cas]!);
        const host = {
          block,
          value: this.#history.to[cas]!,
          firstEnd: Math.min(this.#firstEnd[block]!, ret),
          lastBegin: Math.max(begun, inv),
        };
        const inOrder = this.#tails.has(block) ? this.#history.inv[cas]! <= ret : begun <= ret;
        if (!inOrder || !this.#isFree(host.firstEnd, host.lastBegin, block)) continue;
        this.#grow(host);
        this.#tails.set(block, cas);
        return host.value;
      }
    }
    return -1;
  }

  /** A write whose value another refusal compared with would raise a new question, so it is left alone. */
  #placeInUnseenWrite(inv: number, ret: number): number {
    const at = this.#unseenWrites.findIndex((write) => this.#compared[this.#history.to[write]!] === 0);
    const write = this.#unseenWrites[at];
    if (write === undefined || this.#history.inv[write]! > ret) return -1;
    const zone = this.#ownBlock(write, inv, ret);
    if (zone === null) return -1;
    this.#unseenWrites.splice(at, 1);
    this.#own.set(this.#ownCount++, zone.firstEnd, zone.lastBegin);
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
