import { described } from "./describe.ts";
import type { Step } from "./invariant.ts";

/** What happened, to be put into words only when somebody asks. */
export type Happening = Pick<Step, "event" | "effects"> | (() => string);

/** The last things that happened. There are many, so that they are kept in the places of those before. */
export class RecentEvents {
  readonly #places: { step: number; atNs: number | null; node: string; what: Happening | null }[];
  #next = 0;

  constructor(kept: number) {
    this.#places = Array.from({ length: kept }, () => ({ step: 0, atNs: null, node: "", what: null }));
  }

  /** `atNs`: when it happened, where that is known. */
  add(step: number, atNs: number | null, node: string, what: Happening): void {
    const place = this.#places[this.#next];
    if (place === undefined) return;
    place.step = step;
    place.atNs = atNs;
    place.node = node;
    place.what = what;
    this.#next = (this.#next + 1) % this.#places.length;
  }

  /** Oldest first: step, time, node, and what it was. */
  lines(): string[] {
    const inOrder = [...this.#places.slice(this.#next), ...this.#places.slice(0, this.#next)];
    return inOrder.flatMap(({ step, atNs, node, what }) => {
      if (what === null) return [];
      const time = atNs === null ? "" : ` ${(atNs / 1e9).toFixed(6)}s`;
      return [`${step}${time} ${node} ${told(what)}`];
    });
  }
}

function told(what: Happening): string {
  return typeof what === "function" ? what() : described(what.event, what.effects);
}
