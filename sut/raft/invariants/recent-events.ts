import type { StepEvent, StepRecord } from "../../../history/steps.ts";
import type { Step } from "./invariant.ts";
import { effectRecord, eventRecord } from "./step-record.ts";

/** A step of a core, or what happened beside it; either is made a record only when somebody asks. */
export type Happening = Pick<Step, "event" | "effects"> | StepEvent;

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

  /** Oldest first. */
  records(): StepRecord[] {
    const inOrder = [...this.#places.slice(this.#next), ...this.#places.slice(0, this.#next)];
    return inOrder.flatMap(({ step, atNs, node, what }) => {
      if (what === null) return [];
      const isStep = "effects" in what;
      const event = isStep ? eventRecord(what.event) : what;
      const effects = isStep ? what.effects.map(effectRecord) : [];
      return [{ step, ...(atNs !== null && { timeNs: atNs }), node, event, effects }];
    });
  }
}
