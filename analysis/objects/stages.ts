/** When something may have happened: `op` stands for whatever has these times. */
export interface Timed<Op> {
  readonly inv: number;
  readonly ret: number;
  readonly op: Op;
}

/**
 * Where things have to happen stage after stage, in any order within one: those that ended before something of an
 * earlier stage began, each with that one. None: an order exists. The stage test of Gibbons and Korach's blocks.
 */
export function outOfStage<Op>(stages: Iterable<readonly Timed<Op>[]>): { late: Op; early: Op }[] {
  const found: { late: Op; early: Op }[] = [];
  let lastToBegin: Timed<Op> | null = null;
  for (const stage of stages) {
    const before: Timed<Op> | null = lastToBegin;
    for (const timed of stage) {
      if (before !== null && timed.ret < before.inv) found.push({ late: timed.op, early: before.op });
      if (lastToBegin === null || timed.inv > lastToBegin.inv) lastToBegin = timed;
    }
  }
  return found;
}
