import { type FaultRecord, forGood } from "../../../history/annotations.ts";
import type { Choice, FaultSite, LastingFault } from "../../../nemesis/fault.ts";
import { healFault, injectFault } from "../../../nemesis/run-fault.ts";
import type { ScheduledFault } from "../../../nemesis/schedule.ts";
import type { Run } from "../run-context.ts";

export interface LastingBreaks {
  readonly site: FaultSite;
  readonly record: (due: ScheduledFault, record: FaultRecord) => void;
  /** The id of the first fault of its own. */
  readonly nextId: number;
}

interface Broken extends ScheduledFault {
  readonly choice: Choice;
}

const leftBroken = { name: forGood, description: "", minNodes: 1, aimsAtLeader: false };

/** What is broken until somebody heals it, with the records of that. */
export class Breaks {
  readonly #run: Run;
  readonly #options: LastingBreaks;
  #broken: Broken[] = [];
  #nextId: number;

  constructor(run: Run, options: LastingBreaks) {
    this.#run = run;
    this.#options = options;
    this.#nextId = options.nextId;
  }

  /** Breaks this, and says how to heal it before all else. */
  async add(fault: LastingFault, choice: Choice): Promise<() => Promise<void>> {
    const { plan, world } = this.#run;
    const variant = { ...leftBroken, choose: () => choice };
    const one = { id: this.#nextId++, atMs: plan.timeLimitMs, durationMs: 0, fault, choice, variant };
    this.#broken.push(one);
    this.#options.record(one, await injectFault(one, choice, this.#options.site, world.clock.nowNs()));
    return () => this.#heal(one);
  }

  /** Heals what is still broken. */
  async heal(): Promise<void> {
    for (const one of [...this.#broken]) await this.#heal(one);
  }

  async #heal(one: Broken): Promise<void> {
    const { world } = this.#run;
    this.#broken = this.#broken.filter((other) => other !== one);
    this.#options.record(one, await healFault(one, one.choice, this.#options.site, world.clock.nowNs()));
  }
}
