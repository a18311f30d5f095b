import { type FaultRecord, forGood } from "../../../history/annotations.ts";
import type { Injection } from "../../../hosts/injection.ts";
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

interface Broken {
  readonly due: ScheduledFault;
  readonly choice: Choice;
  readonly injected: Injection;
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
    const due = { id: this.#nextId++, atMs: plan.timeLimitMs, durationMs: 0, fault, choice, variant };
    const { record, injected } = await injectFault(due, choice, this.#options.site, world.clock.nowNs());
    const one = { due, choice, injected };
    this.#broken.push(one);
    this.#options.record(due, record);
    return () => this.#heal(one);
  }

  /** Heals what is still broken. */
  async heal(): Promise<void> {
    for (const one of [...this.#broken]) await this.#heal(one);
  }

  async #heal(one: Broken): Promise<void> {
    const { world } = this.#run;
    this.#broken = this.#broken.filter((other) => other !== one);
    const { due, choice, injected } = one;
    this.#options.record(due, await healFault(due, choice, injected, world.clock.nowNs()));
  }
}
