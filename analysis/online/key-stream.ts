import { type Block, Blocks } from "./blocks.ts";
import { OpenOperations } from "./open-operations.ts";
import { RenewedMap } from "./renewed-map.ts";
import type { Scalar } from "./scalar.ts";
import { certainValue, type StreamProblem, type ValueNode, valueNode } from "./value-node.ts";

/** An operation on a register, from its invocation on. */
export interface StreamOperation {
  readonly kind: "read" | "write" | "cas";
  /** Position of the invocation in the history: unique, and the order in which one recorder saw things. */
  readonly inv: number;
  /** Compared with; null for others. */
  readonly from: Scalar;
  /** Written; null for a read. */
  readonly to: Scalar;
  /** The value that it may bring; null for operations that bring none. */
  node: ValueNode | null;
  /** Under way, and about a value that others may have brought. */
  open: boolean;
}

/** After how many more operations to look again for what can be forgotten, when so many values were kept. */
export type RetireAfter = (kept: number) => number;
/** As often as there is much to forget, so that looking costs each operation the same. */
const whenDoubled: RetireAfter = (kept) => Math.max(32, kept);

/**
 * One register, judged while its history grows. What certainly lies behind is forgotten: whoever observes a value that
 * is not in the table breaks linearizability. Exact where no value is written again while its first write may still be
 * seen, but for refused compare-and-sets, which are not judged here.
 *
 * Memory: what the open operations may be about, and the writes of unknown outcome that nobody saw yet, since those may
 * surface at any time.
 */
export class KeyStream {
  /** Values that are in the register, were, or may come from an operation under way. */
  readonly #values = new RenewedMap<Scalar, ValueNode>();
  /**
   * Values of writes of unknown outcome that nobody saw; of a plain write only the position of its invocation. Apart
   * from the others because they may become many: a small table is fast, and what is kept of these is little.
   */
  readonly #unseen = new Map<Scalar, number | UnseenCas>();
  readonly #blocks = new Blocks();
  /** Without plain writes: they are about no value but their own, however late they end. */
  readonly #open = new OpenOperations();
  readonly #retireAfter: RetireAfter;
  #untilRetire: number;

  constructor(retireAfter = whenDoubled) {
    this.#retireAfter = retireAfter;
    this.#untilRetire = retireAfter(0);
    const initial = valueNode(Number.NEGATIVE_INFINITY, undefined);
    initial.block = this.#blocks.initial(null);
    this.#values.set(null, initial);
  }

  /** How much is kept: blocks, and values in them or to come. */
  get live(): { readonly blocks: number; readonly values: number } {
    return { blocks: this.#blocks.count, values: this.#values.size + this.#unseen.size };
  }

  /** Writes of unknown outcome that nobody has seen. */
  get unknownWrites(): number {
    return this.#unseen.size;
  }

  /** False when the value to be written may still be seen from an earlier write: then reads do not name their writes. */
  invoke(operation: StreamOperation): boolean {
    if (operation.open) this.#open.add(operation);
    if (!brings(operation)) return true;
    if (this.#values.has(operation.to) || this.#unseen.has(operation.to)) return false;
    operation.node = valueNode(operation.inv, operation.kind === "cas" ? operation.from : undefined);
    this.#values.set(operation.to, operation.node);
    return true;
  }

  /** @param answer What a read returned. */
  ok(operation: StreamOperation, answer: Scalar, ret: number): StreamProblem | null {
    this.#open.close(operation);
    // A write that ends after its value has been seen and replaced adds nothing.
    if (operation.kind === "write" && this.#values.get(operation.to) !== operation.node) return null;
    const problem = this.#observe(operation.kind === "read" ? answer : operation.to, operation.inv, ret);
    if (problem === null && --this.#untilRetire <= 0) this.#retire(ret);
    return problem;
  }

  fail(operation: StreamOperation): StreamProblem | null {
    this.#open.close(operation);
    if (operation.node === null) return null;
    if (operation.node.block !== null) return "aborted-read";
    this.#values.delete(operation.to);
    return null;
  }

  info(operation: StreamOperation): void {
    this.#open.close(operation);
    const { node, kind, from, to, inv } = operation;
    if (node === null || node.block !== null) return;
    this.#values.delete(to);
    this.#unseen.set(to, kind === "write" ? inv : { inv, from });
  }

  #observe(value: Scalar, inv: number, ret: number): StreamProblem | null {
    const seen = certainValue(value, (name) => this.#lookUp(name), this.#blocks, ret);
    if (typeof seen === "string") return seen;
    if (inv > seen.laterRet) return "order";
    for (let earlier = seen.previous; earlier !== null && earlier.laterRet > ret; earlier = earlier.previous) {
      earlier.laterRet = ret;
    }
    return this.#blocks.extend(seen.block, inv) ? "overlap" : null;
  }

  #lookUp(value: Scalar): ValueNode | undefined {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    const unseen = this.#unseen.get(value);
    if (unseen === undefined) return undefined;
    const surfaced = typeof unseen === "number" ? valueNode(unseen, undefined) : valueNode(unseen.inv, unseen.from);
    this.#unseen.delete(value);
    this.#values.set(value, surfaced);
    return surfaced;
  }

  /** Forgets what no operation that is open, or still to come, can be about without breaking linearizability. */
  #retire(now: number): void {
    const openSince = this.#open.firstInvocation() ?? now;
    for (const block of this.#blocks.retire(openSince)) {
      for (const value of block.values) this.#values.delete(value);
    }
    let kept = 0;
    for (const block of this.#blocks.live) {
      if (block.values.length > 1) this.#forgetReplaced(block, openSince);
      kept += block.values.length;
    }
    this.#untilRetire = this.#retireAfter(kept);
  }

  #forgetReplaced(block: Block, openSince: number): void {
    const nodes = block.values.map((value) => this.#values.get(value) as ValueNode);
    const firstCurrent = nodes.findIndex((node) => node.laterRet >= openSince);
    for (const value of block.values.splice(0, firstCurrent)) this.#values.delete(value);
    nodes[firstCurrent]!.previous = null;
  }
}

interface UnseenCas {
  readonly inv: number;
  readonly from: Scalar;
}

/** Whether the operation brings a value that the register did not hold. */
function brings({ kind, from, to }: StreamOperation): boolean {
  return kind === "write" || (kind === "cas" && from !== to);
}
