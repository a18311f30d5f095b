/** Something that is to happen. */
export interface Queued<What> {
  readonly timeNs: number;
  readonly order: number;
  /** Null: it was called off. */
  what: What | null;
}

/** Fewer than these are not worth looking through. */
const fewCancelled = 64;

/** What is to happen, by time and then by order: a binary heap. Its own, since it is what a simulation spends its time in. */
export class EventQueue<What> {
  #heap: Queued<What>[] = [];
  /** How many of the heap were called off. */
  #cancelled = 0;

  add(timeNs: number, order: number, what: What): Queued<What> {
    const event = { timeNs, order, what };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  /**
   * What is called off holds on to nothing, and leaves when more than half of the heap is so: most timers are for what
   * might take too long, and would otherwise stay for longer than all else.
   */
  cancel(event: Queued<What>): void {
    if (event.what === null) return;
    event.what = null;
    this.#cancelled++;
    if (this.#cancelled > fewCancelled && 2 * this.#cancelled > this.#heap.length) this.#dropCancelled();
  }

  /** Whether the first is due before another one, which is not in the queue. */
  comesBefore(other: Queued<unknown>): boolean {
    const first = this.#first();
    return first !== null && isBefore(first, other);
  }

  /** The first that was not called off, or null. What it was for is the caller's from here on. */
  takeNext(): Queued<What> | null {
    const first = this.#first();
    if (first !== null) this.#dropFirst();
    return first;
  }

  #first(): Queued<What> | null {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return null;
      if (first.what !== null) return first;
      this.#dropFirst();
      this.#cancelled--;
    }
  }

  #dropFirst(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #dropCancelled(): void {
    this.#heap = this.#heap.filter(({ what }) => what !== null);
    this.#cancelled = 0;
    for (let place = (this.#heap.length >> 1) - 1; place >= 0; place--) this.#sink(place);
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

  #sink(from: number): void {
    const heap = this.#heap;
    const event = heap[from]!;
    let place = from;
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
