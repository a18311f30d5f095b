import { described } from "./describe.ts";
import type { Step } from "./invariant.ts";

/** What happened, to be put into words only when somebody asks. */
export type Happening = Pick<Step, "event" | "effects"> | (() => string);

/** The last things that happened. There are many, so that they are kept in the places of those before. */
export class RecentEvents {
  readonly #places: { step: number; node: string; what: Happening | null }[];
  #next = 0;

  constructor(kept: number) {
    this.#places = Array.from({ length: kept }, () => ({ step: 0, node: "", what: null }));
  }

  add(step: number, node: string, what: Happening): void {
    const place = this.#places[this.#next];
    if (place === undefined) return;
    place.step = step;
    place.node = node;
    place.what = what;
    this.#next = (this.#next + 1) % this.#places.length;
  }

  /** Oldest first. */
  lines(): string[] {
    const inOrder = [...this.#places.slice(this.#next), ...this.#places.slice(0, this.#next)];
    return inOrder.flatMap(({ step, node, what }) => (what === null ? [] : [`${step} ${node} ${told(what)}`]));
  }
}

function told(what: Happening): string {
  return typeof what === "function" ? what() : described(what.event, what.effects);
}
