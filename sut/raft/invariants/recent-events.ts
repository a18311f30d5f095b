interface RecentEvent {
  readonly step: number;
  readonly node: string;
  readonly tell: () => string;
}

/** The last things that happened, put into words only when somebody asks. */
export class RecentEvents {
  readonly #events: (RecentEvent | undefined)[];
  #next = 0;

  constructor(kept: number) {
    this.#events = Array.from({ length: kept });
  }

  add(step: number, node: string, tell: () => string): void {
    this.#events[this.#next] = { step, node, tell };
    this.#next = (this.#next + 1) % this.#events.length;
  }

  /** Oldest first. */
  lines(): string[] {
    const inOrder = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
    return inOrder.flatMap((event) => (event === undefined ? [] : [`${event.step} ${event.node} ${event.tell()}`]));
  }
}
