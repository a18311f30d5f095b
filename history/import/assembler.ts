import type { HistoryEvent } from "../event.ts";
import { formatJson } from "../exact-json.ts";
import { HistoryError } from "../history-error.ts";
import type { LocatedEvent } from "./format.ts";

/** An event as another notation tells it; it may lack an index or a time, and then its place in the file serves. */
export interface ForeignEvent extends Omit<HistoryEvent, "index" | "time"> {
  readonly line: number;
  readonly index?: number;
  readonly time?: number;
}

const answersWithOperand: ReadonlySet<string> = new Set(["write", "cas", "add", "enqueue", "put", "append"]);

/** Between events without times: large enough to be seen in sentences and on time lines. */
const untimedStepNs = 1e6;

/** An operation under way. */
interface Open {
  readonly line: number;
  readonly event: HistoryEvent;
  /** As it was told; null where it was not. */
  readonly time: number | null;
  /** The latest invocation among the operations that had completed when this one began, and its line. */
  readonly notBefore: Moment;
}

interface Moment {
  readonly time: number;
  readonly line: number;
}

/**
 * Makes events of ours from those of other recorders: gives what is left out, and refuses what cannot have happened.
 *
 * The order in the file decides. Old Jepsen stamped the time of an event before it took its place in the history, so
 * that times of different processes may be out of order by the time that takes; those are raised to the latest before
 * them, which keeps the file's order. But when an operation ends, by the clock, before another was even invoked that
 * the file has complete before it began, then one of the two is wrong, and nobody can say which. Where an index or a
 * time is left out, the place in the file serves.
 */
export class Assembler {
  readonly #file: string;
  readonly #open = new Map<number, Open>();
  #count = 0;
  #lastIndex = -1;
  #lastTime = 0;
  #raised = 0;
  #unnumbered = 0;
  #untimed = 0;
  #latestInvocation: Moment = { time: Number.NEGATIVE_INFINITY, line: 0 };

  constructor(file: string) {
    this.#file = file;
  }

  add(foreign: ForeignEvent): LocatedEvent {
    const { line, index, time = null, ...rest } = foreign;
    const event: HistoryEvent = { index: this.#nextIndex(index, line), time: this.#nextTime(time), ...rest };
    this.#count++;
    if (typeof event.process !== "number") return { event, line };
    if (event.type === "invoke") this.#invoke(event, time, line);
    else this.#complete(event, time, line);
    return { event, line };
  }

  /** What was tolerated, when all was read. */
  warnings(): string[] {
    const counts = "the order in the file counts";
    if (this.#count > 0 && this.#untimed === this.#count) {
      return ["the file has no times: its events are shown a millisecond apart"];
    }
    const of = (events: number): string => `of ${events} of ${this.#count} events`;
    return [
      ...(this.#untimed === 0 ? [] : [`the times ${of(this.#untimed)} are missing: ${counts}`]),
      ...(this.#raised === 0 ? [] : [`the times ${of(this.#raised)} were out of order and were raised: ${counts}`]),
    ];
  }

  /** One that is left out moves those that follow, where they would not be above it. */
  #nextIndex(index: number | undefined, line: number): number {
    if (index === undefined) this.#unnumbered++;
    else if (index <= this.#lastIndex && this.#unnumbered === 0) {
      throw new HistoryError(this.#file, line, `index ${index}`, `an index above ${this.#lastIndex}`);
    }
    this.#lastIndex = Math.max(index ?? 0, this.#lastIndex + 1);
    return this.#lastIndex;
  }

  #nextTime(time: number | null): number {
    if (time === null) {
      const isUntimed = this.#untimed++ === this.#count;
      this.#lastTime = isUntimed ? this.#count * untimedStepNs : this.#lastTime;
      return this.#lastTime;
    }
    if (time < this.#lastTime) this.#raised++;
    this.#lastTime = Math.max(this.#lastTime, time);
    return this.#lastTime;
  }

  #invoke(event: HistoryEvent, time: number | null, line: number): void {
    const process = event.process as number;
    const before = this.#open.get(process);
    if (before !== undefined) {
      const found = `process ${process} invoking a second operation`;
      throw new HistoryError(this.#file, line, found, `the completion of its first, of line ${before.line}`);
    }
    this.#open.set(process, { line, event, time, notBefore: this.#latestInvocation });
  }

  #complete(event: HistoryEvent, time: number | null, line: number): void {
    const process = event.process as number;
    const open = this.#open.get(process);
    if (open === undefined) {
      const found = `a completion of process ${process}`;
      throw new HistoryError(this.#file, line, found, "its invocation before that");
    }
    this.#open.delete(process);
    const invocation = open.event;
    if (event.f !== invocation.f) {
      const found = `process ${process} completing “${event.f}”`;
      throw new HistoryError(this.#file, line, found, `the completion of “${invocation.f}”, of line ${open.line}`);
    }
    if (event.key !== undefined && event.key !== invocation.key) {
      const found = `key ${JSON.stringify(event.key)}`;
      throw new HistoryError(this.#file, line, found, `key ${JSON.stringify(invocation.key)}, as in line ${open.line}`);
    }
    if (event.type === "ok" && answersWithOperand.has(event.f)) this.#sameOperand(event, open, line);
    if (time === null) return;
    if (open.time !== null && time < open.time) this.#refuseTime(time, line, { time: open.time, line: open.line });
    if (event.type === "info") return;
    if (time < open.notBefore.time) this.#refuseTime(time, line, open.notBefore);
    if (open.time !== null && open.time > this.#latestInvocation.time) {
      this.#latestInvocation = { time: open.time, line: open.line };
    }
  }

  /** Checkers take what was written from the invocation. */
  #sameOperand({ f, value }: HistoryEvent, open: Open, line: number): void {
    const [found, expected] = [formatJson(value ?? null), formatJson(open.event.value ?? null)];
    if ((value ?? null) === null || found === expected) return;
    throw new HistoryError(this.#file, line, `${f} completing with ${found}`, `${expected}, as in line ${open.line}`);
  }

  #refuseTime(time: number, line: number, earliest: Moment): never {
    const expected = `a time of at least ${earliest.time}, when line ${earliest.line} was invoked`;
    throw new HistoryError(this.#file, line, `time ${time}`, expected);
  }
}
