import type { CheckerName } from "../analysis/registry.ts";
import type { Operation } from "../history/event.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Generator } from "./generators/generator.ts";

/** What clients do during a run, and what is then checked. A workload is one such value in a file of its own. */
export interface Workload {
  readonly name: string;
  readonly description: string;
  /** Operations that the system must offer. */
  readonly operations: readonly string[];
  /** Checkers of `analysis/registry.ts` that judge its history. */
  readonly checkers: readonly CheckerName[];
  /** `concurrency`: how many clients there are; process p belongs to client p modulo that. */
  generator(random: RandomStream, concurrency: number): Generator;
  /** Read by every client when all is healed, so that what was lost for good shows. */
  finalReads(): readonly Operation[];
}
