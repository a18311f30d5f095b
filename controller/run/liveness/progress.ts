import type { HistoryEvent } from "../../../history/event.ts";
import { isReadTransaction, readNames } from "../../../history/read-operations.ts";
import type { Recorder } from "../recorder.ts";

/** A recorder that knows whether clients get anywhere. */
export interface ProgressWatch extends Recorder {
  /** What clients have come to from now on; to be asked again and again. */
  sinceNow(): Progress;
}

/** What has become of operations that were invoked after a moment. */
export interface Progress {
  /** What has not been answered `ok` yet; null when nothing is missing. */
  missing(): Missing | null;
  /** The last operation that was refused or given up, in words; null where none was. */
  lastRefusal(): string | null;
}

export interface Missing {
  /** In words. */
  readonly what: string;
  /** Whether clients tried often enough for this to be a violation. */
  readonly isConclusive: boolean;
}

/** Fewer writes may all have been meant for nodes that are broken: clients wait long for the node that they are pinned to. */
const conclusiveWrites = 20;

type Kind = "write" | "read";
const kinds = ["write", "read"] as const;

interface Invoked {
  readonly number: number;
  readonly kind: Kind;
}

/** Hands everything on to a recorder, and observes what passes. `named`: operations of the workload that change nothing. */
export function watchProgress({ record, flush }: Recorder, named: readonly string[] | undefined): ProgressWatch {
  const reads = readNames(named);
  /** What waits for an answer, by process; the number counts invocations. */
  const underWay = new Map<HistoryEvent["process"], Invoked>();
  let invoked = 0;
  let writesInvoked = 0;
  const newestAnswered: Record<Kind, number> = { write: 0, read: 0 };
  let refused: { readonly number: number; readonly event: Seen } | null = null;
  const note = (event: Seen): void => {
    if (event.type === "invoke") {
      const kind = reads.has(event.f) || isReadTransaction(event) ? "read" : "write";
      underWay.set(event.process, { number: ++invoked, kind });
      if (kind === "write") writesInvoked++;
      return;
    }
    const operation = underWay.get(event.process);
    if (operation === undefined) return;
    const { number, kind } = operation;
    if (event.type === "ok") newestAnswered[kind] = Math.max(newestAnswered[kind], number);
    else refused = { number, event };
  };
  return {
    flush,
    record: (event) => {
      note(event);
      return record(event);
    },
    sinceNow: () => {
      const [before, writesBefore] = [invoked, writesInvoked];
      const answered = (kind: Kind) => newestAnswered[kind] > before;
      return {
        missing: () => {
          if (!kinds.some(answered)) return { what: "no client is answered", isConclusive: true };
          if (answered("write")) return null;
          const writes = writesInvoked - writesBefore;
          return { what: `none of ${writes} writes is answered`, isConclusive: writes >= conclusiveWrites };
        },
        lastRefusal: () => (refused === null || refused.number <= before ? null : inWords(refused.event)),
      };
    },
  };
}

type Seen = Parameters<Recorder["record"]>[0];

function inWords({ process, f, node, error = "no answer" }: Seen): string {
  return `the last refusal was that of client ${process}'s ${f}${node === undefined ? "" : ` at ${node}`}: ${error}`;
}
