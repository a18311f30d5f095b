interface Invoked {
  readonly inv: number;
  open: boolean;
}

/** Operations under way, in the order of their invocations. A list, since a set that changes all the time leaves much behind. */
export class OpenOperations {
  #queue: Invoked[] = [];
  #count = 0;

  add(operation: Invoked): void {
    this.#count++;
    this.#queue.push(operation);
    if (this.#queue.length > 2 * this.#count + 64) this.#dropClosed();
  }

  /** Closes an operation; nothing happens to one that was not added. */
  close(operation: Invoked): void {
    if (!operation.open) return;
    operation.open = false;
    this.#count--;
  }

  /** When the oldest was invoked; null when there is none. */
  firstInvocation(): number | null {
    this.#dropClosed();
    return this.#queue[0]?.inv ?? null;
  }

  #dropClosed(): void {
    this.#queue = this.#queue.filter(({ open }) => open);
  }
}
