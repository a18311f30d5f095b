import type { Block, Blocks } from "./blocks.ts";
import type { Scalar } from "./scalar.ts";

/** What a stream found wrong. The sentence about it, with all that takes part, is the offline check's. */
export type StreamProblem = "not-current" | "aborted-read" | "double-cas" | "cas-cycle" | "order" | "overlap";

/** A value that was in the register, or may come to be. */
export interface ValueNode {
  /** When its writer was invoked. */
  readonly inv: number;
  /** Of a compare-and-set: the value that it replaced. */
  readonly from: Scalar | undefined;
  /** Null until it is certain that the register held the value. */
  block: Block | null;
  previous: ValueNode | null;
  /** Whether a compare-and-set certainly replaced it. No link to what came then: chains of links tie up dead memory. */
  replaced: boolean;
  /** When an operation on a later value of the same block first ended. */
  laterRet: number;
}

export function valueNode(inv: number, from: Scalar | undefined): ValueNode {
  return { inv, from, block: null, previous: null, replaced: false, laterRet: Number.POSITIVE_INFINITY };
}

type CertainNode = ValueNode & { block: Block };

/** Makes it certain that the register held a value, and so every value that compare-and-sets replaced on the way to it. */
export function certainValue(
  value: Scalar,
  lookUp: (value: Scalar) => ValueNode | undefined,
  blocks: Blocks,
  ret: number,
): CertainNode | StreamProblem {
  const found = lookUp(value);
  if (found === undefined) return "not-current";
  if (isCertain(found)) return found;
  const chain = chainTo(value, found, lookUp);
  if (typeof chain === "string") return chain;
  let before: CertainNode | null = null;
  for (const [name, node] of chain.reverse()) {
    const entered: CertainNode | StreamProblem = isCertain(node) ? node : enter(name, node, before, blocks, ret);
    if (typeof entered === "string") return entered;
    before = entered;
  }
  return before as CertainNode;
}

/** The value, the one that its compare-and-set replaced, and so on, down to one that is certain or plainly written. */
function chainTo(
  value: Scalar,
  found: ValueNode,
  lookUp: (value: Scalar) => ValueNode | undefined,
): [Scalar, ValueNode][] | StreamProblem {
  const chain: [Scalar, ValueNode][] = [[value, found]];
  const passed = new Set<ValueNode>([found]);
  for (let last = found; !isCertain(last) && last.from !== undefined; ) {
    const replaced = lookUp(last.from);
    if (replaced === undefined) return "not-current";
    if (passed.has(replaced)) return "cas-cycle";
    passed.add(replaced);
    chain.push([last.from, replaced]);
    last = replaced;
  }
  return chain;
}

function enter(
  name: Scalar,
  node: ValueNode,
  before: CertainNode | null,
  blocks: Blocks,
  ret: number,
): CertainNode | StreamProblem {
  if (before === null) return Object.assign(node, { block: blocks.add(name, ret, node.inv) });
  if (before.replaced) return "double-cas";
  before.replaced = true;
  node.previous = before;
  before.block.values.push(name);
  if (blocks.extend(before.block, node.inv)) return "overlap";
  return Object.assign(node, { block: before.block });
}

function isCertain(node: ValueNode): node is CertainNode {
  return node.block !== null;
}
