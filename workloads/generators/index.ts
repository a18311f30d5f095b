/** Everything that loads are made of. Each combinator stands in a file of its own, or beside its twin. */
export { adapt } from "./adapt.ts";
export { any } from "./any.ts";
export { cycle } from "./cycle.ts";
export { each } from "./each.ts";
export { flipFlop } from "./flip-flop.ts";
export { fromFunction, type OperationSource } from "./from-function.ts";
export type { Context, Generator, Offer, Pending, Step } from "./generator.ts";
export { type IndependentKeys, independentKeys } from "./independent-keys.ts";
export { limit } from "./limit.ts";
export { mix, weighted } from "./mix.ts";
export { delay, stagger } from "./pace.ts";
export { phases, sequence, synchronize } from "./phases.ts";
export { rate } from "./rate.ts";
export { repeat } from "./repeat.ts";
export { type Simulation, simulate } from "./simulate.ts";
export { eachThread, onThreads, reserve } from "./threads.ts";
export { timeLimit } from "./time-limit.ts";
export { untilOk } from "./until-ok.ts";
