import type { CheckerName } from "../analysis/checker-names.ts";
import type { Completion, Operation } from "../history/event.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Client, SystemOperation } from "../sut/system.ts";
import type { Clock } from "../time/clock.ts";
import type { Generator } from "./generators/generator.ts";

/** What clients do during a run, and what is then checked. A workload is one such value in a file of its own. */
export interface Workload {
  readonly name: string;
  readonly description: string;
  /** Operations that the system must offer; those of the workload are made of them. */
  readonly operations: readonly SystemOperation[];
  /** Its operations that change nothing, by their names. Left out: `read`. A transaction that only reads is one always. */
  readonly reads?: readonly string[];
  /** Checkers of `analysis/registry.ts` that judge its history. */
  readonly checkers: readonly CheckerName[];
  /** Carried out once, in order, by one client before the load begins; recorded like any other operation. */
  setup?(): readonly Operation[];
  generator(clients: LoadContext): Generator;
  /**
   * Carries out one operation of the workload with operations of the system. Left out, it is one of the system's own.
   * Reports `fail` only when certain that nothing happened; of several calls, one whose outcome is unknown makes it
   * `info`.
   */
  perform?(client: Pick<Client, "invoke">, operation: Operation, timeoutMs: number, clock: Clock): Promise<Completion>;
  /**
   * Done by every client when all is healed, so that what was lost for good shows.
   * `keys`: all that the load named, in the order of their first use.
   */
  finalReads(keys: readonly string[]): readonly Operation[];
}

export interface LoadContext {
  readonly random: RandomStream;
  /** How many clients there are; process p belongs to client p modulo that. */
  readonly concurrency: number;
}
