/** Something that is to happen. */
export interface Queued<What> {
  readonly timeNs: number;
  readonly order: number;
  readonly what: What;
  cancelled: boolean;
}

/** What is to happen, by time and then by order: a binary heap. Its own, since it is what a simulation spends its time in. */
export class EventQueue<What> {
  readonly #heap: Queued<What>[] = [];

  add(timeNs: number, order: number, what: What): Queued<What> {
    const event = { timeNs, order, what, cancelled: false };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  cancel(event: Queued<What>): void {
    event.cancelled = true;
  }

  /** Whether the first is due before another one, which is not in the queue. */
  comesBefore(other: Queued<unknown>): boolean {
    while (this.#heap[0]?.cancelled) this.#takeFirst();
    const first = this.#heap[0];
    return first !== undefined && isBefore(first, other);
  }

  /** The first that was not called off, or null. */
  takeNext(): Queued<What> | null {
    for (;;) {
      const first = this.#takeFirst();
      if (first === null || !first.cancelled) return first;
    }
  }

  #takeFirst(): Queued<What> | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const event = heap[from]!;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (isBefore(heap[above]!, event)) break;
      heap[place] = heap[above]!;
      place = above;
    }
    heap[place] = event;
  }

  #sink(): void {
    const heap = this.#heap;
    const event = heap[0]!;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const below = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (isBefore(event, heap[below]!)) break;
      heap[place] = heap[below]!;
      place = below;
    }
    heap[place] = event;
  }
}

function isBefore(one: Queued<unknown>, other: Queued<unknown>): boolean {
  return one.timeNs < other.timeNs || (one.timeNs === other.timeNs && one.order < other.order);
}
