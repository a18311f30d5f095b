import type { HistoryEvent } from "../event.ts";
import { formatJson } from "../exact-json.ts";
import { HistoryError } from "../history-error.ts";
import type { LocatedEvent } from "./format.ts";

/** An event as another notation tells it; it may lack an index and a time, and then its place in the file serves. */
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
 * the file has complete before it began, then one of the two is wrong, and nobody can say which.
 */
export class Assembler {
  readonly #file: string;
  readonly #open = new Map<number, Open>();
  #count = 0;
  #lastIndex = -1;
  #lastTime = 0;
  #raised = 0;
  #latestInvocation: Moment = { time: Number.NEGATIVE_INFINITY, line: 0 };
  #numbered: boolean | null = null;
  #timed: boolean | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  add(foreign: ForeignEvent): LocatedEvent {
    const { line, index, time, ...rest } = foreign;
    const own = this.#count++;
    this.#numbered = this.#consistent("index", this.#numbered, index, line);
    this.#timed = this.#consistent("time", this.#timed, time, line);
    const stamped = time ?? own * untimedStepNs;
    const event: HistoryEvent = { index: this.#nextIndex(index ?? own, line), time: this.#nextTime(stamped), ...rest };
    if (typeof event.process !== "number") return { event, line };
    if (event.type === "invoke") this.#invoke({ ...event, time: stamped }, line);
    else return { event: this.#complete(event, stamped, line), line };
    return { event, line };
  }

  /** What was tolerated, when all was read. */
  warnings(): string[] {
    if (this.#timed === false) return ["the file has no times: its events are shown a millisecond apart"];
    if (this.#raised === 0) return [];
    const events = `${this.#raised} of ${this.#count} events`;
    return [`the times of ${events} were out of order and were raised: the order in the file counts`];
  }

  #consistent(what: string, before: boolean | null, value: number | undefined, line: number): boolean {
    const has = value !== undefined;
    if (before === null || before === has) return has;
    const found = has ? `an ${what}` : `no ${what}`;
    throw new HistoryError(this.#file, line, found, `${before ? "one" : "none"}, as in the lines before`);
  }

  #nextIndex(index: number, line: number): number {
    if (index <= this.#lastIndex) {
      throw new HistoryError(this.#file, line, `index ${index}`, `an index above ${this.#lastIndex}`);
    }
    this.#lastIndex = index;
    return index;
  }

  #nextTime(time: number): number {
    if (time < this.#lastTime) this.#raised++;
    this.#lastTime = Math.max(this.#lastTime, time);
    return this.#lastTime;
  }

  #invoke(event: HistoryEvent, line: number): void {
    const process = event.process as number;
    const before = this.#open.get(process);
    if (before !== undefined) {
      const found = `process ${process} invoking a second operation`;
      throw new HistoryError(this.#file, line, found, `the completion of its first, of line ${before.line}`);
    }
    this.#open.set(process, { line, event, notBefore: this.#latestInvocation });
  }

  #complete(event: HistoryEvent, time: number, line: number): HistoryEvent {
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
    if (event.key !== invocation.key) {
      const found = `${event.key === undefined ? "no key" : `key ${JSON.stringify(event.key)}`}`;
      throw new HistoryError(this.#file, line, found, `key ${JSON.stringify(invocation.key)}, as in line ${open.line}`);
    }
    if (event.type === "ok" && answersWithOperand.has(event.f)) this.#sameOperand(event, open, line);
    if (time < invocation.time) this.#refuseTime(time, line, { time: invocation.time, line: open.line });
    if (event.type === "info") return event;
    if (time < open.notBefore.time) this.#refuseTime(time, line, open.notBefore);
    if (invocation.time > this.#latestInvocation.time) {
      this.#latestInvocation = { time: invocation.time, line: open.line };
    }
    return event;
  }

  /** Checkers take what was written from the invocation. */
  #sameOperand({ f, value }: HistoryEvent, open: Open, line: number): void {
    const [found, expected] = [formatJson(value ?? null), formatJson(open.event.value ?? null)];
    if (value === undefined || found === expected) return;
    throw new HistoryError(this.#file, line, `${f} completing with ${found}`, `${expected}, as in line ${open.line}`);
  }

  #refuseTime(time: number, line: number, earliest: Moment): never {
    const expected = `a time of at least ${earliest.time}, when line ${earliest.line} was invoked`;
    throw new HistoryError(this.#file, line, `time ${time}`, expected);
  }
}
