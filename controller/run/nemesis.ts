import { type FaultRecord, forGood } from "../../history/annotations.ts";
import type { Injection } from "../../hosts/injection.ts";
import type { Choice, ClusterView, FaultSite, LastingFault } from "../../nemesis/fault.ts";
import { healFault, injectFault, makeChange } from "../../nemesis/run-fault.ts";
import type { ScheduledChange, ScheduledFault } from "../../nemesis/schedule.ts";
import type { RandomStream } from "../../random/stream.ts";
import { type Clock, sleepMs } from "../../time/clock.ts";

const healPauseMs = 500;

export interface NemesisOptions {
  readonly site: FaultSite;
  readonly clock: Clock;
  /** The cluster at this moment, without what is cut. */
  readonly look: () => Promise<ClusterView>;
  readonly record: (due: ScheduledFault | ScheduledChange, record: FaultRecord) => void;
  /** Hears whom each fault and change of a schedule hits. */
  readonly chosen: (due: ScheduledFault | ScheduledChange, choice: Choice) => void;
  /** Hears what is being done, for the message should it get stuck. */
  readonly doing: (what: string) => void;
}

/** A fault in effect. */
interface Broken {
  readonly due: ScheduledFault;
  readonly choice: Choice;
  readonly injected: Injection;
}

const leftBroken = { name: forGood, description: "", minNodes: 1, aimsAtLeader: false };

/** Injects and heals the faults of a run, with a record of each. It owns what it broke, and heals the rest on disposal. */
export class Nemesis implements AsyncDisposable {
  readonly #options: NemesisOptions;
  readonly #broken = new Map<FaultRecord["id"], Broken>();
  #lastId = 0;

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  /** Looks at the cluster also when the choice was made beforehand: it then happens after the same time, to the nanosecond. */
  async choose(due: ScheduledFault | ScheduledChange, random: RandomStream): Promise<Choice> {
    const view = await this.#options.look();
    const cut = [...this.#broken.values()].flatMap((broken) => broken.choice.cut ?? []);
    const choice = due.choice ?? due.variant.choose({ ...view, cut }, random);
    this.#lastId = Math.max(this.#lastId, due.id);
    this.#options.chosen(due, choice);
    return choice;
  }

  async inject(due: ScheduledFault, choice: Choice): Promise<void> {
    const { site, clock, record, doing } = this.#options;
    doing(`injecting ${describe(due, choice)}`);
    const { record: made, injected } = await injectFault(due, choice, site, clock.nowNs());
    this.#broken.set(due.id, { due, choice, injected });
    record(due, made);
  }

  /** Breaks something that no schedule heals, and returns its id. */
  async breakForGood(fault: LastingFault, choice: Choice, atMs: number): Promise<FaultRecord["id"]> {
    const id = ++this.#lastId;
    const variant = { ...leftBroken, choose: () => choice };
    await this.inject({ id, atMs, durationMs: 0, fault, choice, variant }, choice);
    return id;
  }

  /** Heals a fault. A healing that could not be shown to be complete is tried again, so many times in all. */
  async heal(id: FaultRecord["id"], attempts = 1): Promise<void> {
    const broken = this.#broken.get(id);
    if (broken === undefined) return;
    const { due, choice, injected } = broken;
    const { clock, record, doing } = this.#options;
    for (let left = attempts; left > 0; left--) {
      doing(`healing ${describe(due, choice)}`);
      const healed = await healFault(due, choice, injected, clock.nowNs());
      this.#broken.delete(id);
      record(due, healed);
      if (healed.effective) return;
      if (attempts > 1) await sleepMs(clock, healPauseMs);
    }
  }

  /** Heals what is still broken. */
  async healAll(): Promise<void> {
    for (const id of [...this.#broken.keys()]) await this.heal(id);
  }

  async change(due: ScheduledChange, random: RandomStream): Promise<void> {
    const { site, clock, record } = this.#options;
    const startedNs = clock.nowNs();
    const choice = await this.choose(due, random);
    record(due, await makeChange(due, choice, site, startedNs));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.healAll();
  }
}

function describe({ fault, variant }: ScheduledFault, { nodes }: Choice): string {
  return `${fault.name}:${variant.name} on ${nodes.join(", ")}`;
}
