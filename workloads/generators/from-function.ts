import type { HistoryEvent, Operation } from "../../history/event.ts";
import { type Context, type Generator, pending, type Step } from "./generator.ts";

/** The plain way to write a workload: a function that gives the next operation, and keeps its own state. */
export interface OperationSource {
  /**
   * The next operation for a process that is free. Null: there is nothing more for anybody; "pending": nothing for this
   * process at the moment.
   */
  next(process: number): Operation | "pending" | null;
  /** Hears of every client event when it is recorded, in order, so that later operations may depend on answers. */
  hear?(event: HistoryEvent): void;
}

/**
 * A source of operations as a generator. What the source gave a thread is kept until it is taken, so asking again gives
 * the same, and no operation is lost or repeated, whichever of several offers is taken.
 */
export function fromFunction(source: OperationSource): Generator {
  return new Drawing(source).generator(() => undefined);
}

/** One draw: a source may give the same operation again and again. */
interface Drawn {
  readonly operation: Operation;
}

/** Operations drawn from one source, shared by all generators that go on with it. */
class Drawing {
  readonly #source: OperationSource;
  /** What was drawn and not taken, by thread. */
  readonly #held = new Map<number, Drawn>();

  constructor(source: OperationSource) {
    this.#source = source;
  }

  /** `begin`: called before each use. An offer is taken once the generator that follows it is used. */
  generator(begin: () => void): Generator {
    const generator: Generator = {
      next: (context) => {
        begin();
        return this.#offer(context);
      },
      hear: (event) => {
        begin();
        this.#source.hear?.(event);
        return generator;
      },
    };
    return generator;
  }

  #offer({ free, concurrency, timeNs }: Context): Step | null {
    for (const process of free) {
      const thread = process % concurrency;
      const drawn = this.#held.get(thread) ?? this.#draw(process);
      if (drawn === null) return this.#held.size > 0 ? pending : null;
      if (drawn === "pending") continue;
      this.#held.set(thread, drawn);
      const rest = this.generator(() => this.#take(thread, drawn));
      return { type: "offer", operation: drawn.operation, process, atNs: timeNs, rest };
    }
    return pending;
  }

  #draw(process: number): Drawn | "pending" | null {
    const operation = this.#source.next(process);
    return operation === null || operation === "pending" ? operation : { operation };
  }

  #take(thread: number, drawn: Drawn): void {
    if (this.#held.get(thread) === drawn) this.#held.delete(thread);
  }
}
