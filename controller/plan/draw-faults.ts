import type { Backend } from "../../hosts/backend.ts";
import { type Fault, needsOf } from "../../nemesis/fault.ts";
import { kill } from "../../nemesis/kill.ts";
import { partition } from "../../nemesis/partition.ts";
import { faults } from "../../nemesis/registry.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import type { System } from "../../sut/system.ts";
import { isOffered } from "./select-faults.ts";
import { isUnasked, variantsOn } from "./variants-on.ts";

const usualFaults = faults.filter(({ drawn }) => drawn === "often");

/** What is added to the usual faults of some runs. */
interface RareFault {
  /** As `--nemesis` takes it. */
  readonly name: string;
  readonly parts: readonly Fault[];
  readonly share: number;
}

const rareFaults: readonly RareFault[] = [
  // A node that stops for its disk leaves less for all else to happen to.
  ...faults.flatMap((fault) => (fault.drawn === "rarely" ? [{ name: fault.name, parts: [fault], share: 0.25 }] : [])),
  // A node that starts again right away meets answers to the process before, and a leader that hears nobody else.
  { name: "partition:leader+kill:restart", parts: [partition, kill], share: 0.1 },
];

/** By a stream for each, so that they move nothing else. */
function drawRareFaults(seed: number): readonly RareFault[] {
  return rareFaults.filter(({ name, share }) => randomStream(seed, `swarm ${name}`).fraction() < share);
}

/** Where faults are to be injected. */
export interface Drawn {
  readonly seed: number;
  readonly backend: Backend;
  readonly system: System;
}

/** Words of `--nemesis` for one of many runs: some of the faults that work there, at least one if any does. */
export function drawFaults(on: Drawn, random: RandomStream): string[] {
  const shuffled = random.shuffle(usualFaults);
  const share = random.fraction();
  const able = shuffled.filter((fault) => isAble(fault, on));
  const some = able.slice(0, 1 + Math.floor(share * able.length)).map(({ name }) => name);
  const added = drawRareFaults(on.seed).filter(({ parts }) => parts.every((fault) => isAble(fault, on)));
  const all = [...some, ...added.map(({ name }) => name)].sort();
  return all.length === 0 ? ["none"] : all;
}

export function isAble(fault: Fault, { backend, system }: Omit<Drawn, "seed">): boolean {
  const isUsual = variantsOn(backend, system, fault).some((variant) => isUnasked(backend, needsOf(fault, variant)));
  return isUsual && isOffered(fault, system);
}
