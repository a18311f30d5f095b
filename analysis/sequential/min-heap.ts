/** Numbers, the one of the lowest rank first; of equal ranks, the lower number. */
export class MinHeap {
  readonly #items: number[] = [];
  readonly #rank: ArrayLike<number>;

  constructor(rank: ArrayLike<number>) {
    this.#rank = rank;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#less(item, items[up]!); up = (at - 1) >> 1) {
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && this.#less(items[child + 1]!, items[child]!)) child++;
      if (!this.#less(items[child]!, last)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return top;
  }

  #less(a: number, b: number): boolean {
    const difference = this.#rank[a]! - this.#rank[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }
}
