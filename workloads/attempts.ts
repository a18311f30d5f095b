import type { Completion, ErrorCode, Operation } from "../history/event.ts";
import type { Client } from "../sut/system.ts";
import { type Clock, nowMs } from "../time/clock.ts";

/** A client as workloads use it for operations that are made of several of the system's. */
export type Calls = Pick<Client, "invoke">;

/** So many times a change is tried whose compare did not hold. */
const maxAttempts = 8;

/** The calls that one operation makes, within the time that it has for all of them. */
export class Attempt {
  readonly #client: Calls;
  readonly #clock: Clock;
  readonly #deadlineMs: number;

  constructor(client: Calls, timeoutMs: number, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#deadlineMs = nowMs(clock) + timeoutMs;
  }

  call(operation: Operation): Promise<Completion> {
    return this.#client.invoke(operation, Math.max(1, this.#deadlineMs - nowMs(this.#clock)));
  }

  get timeIsUp(): boolean {
    return nowMs(this.#clock) >= this.#deadlineMs;
  }
}

/**
 * Reads and changes until a change goes through: `tryOnce` answers the completion of the whole, or null when somebody
 * else was faster. Then it is tried again, and at last given up, which certainly changed nothing.
 */
export async function untilUndisturbed(
  client: Calls,
  timeoutMs: number,
  clock: Clock,
  tryOnce: (attempt: Attempt) => Promise<Completion | null>,
): Promise<Completion> {
  const attempt = new Attempt(client, timeoutMs, clock);
  for (let tries = 0; tries < maxAttempts && !attempt.timeIsUp; tries++) {
    const completion = await tryOnce(attempt);
    if (completion !== null) return completion;
  }
  return refused("cas-mismatch");
}

/** An operation that certainly changed nothing. */
export function refused(error: ErrorCode, node?: string): Completion {
  return { type: "fail", error, ...(node === undefined ? {} : { node }) };
}

/** What a read that failed, or that nobody answered, makes of the operation that it belongs to: nothing was changed. */
export function givenUp({ type, error, node }: Completion): Completion {
  const code = type === "fail" ? (error as ErrorCode | undefined) : undefined;
  return refused(code ?? "given-up", node);
}

/**
 * What an attempted change makes of the operation that it belongs to, which answers the value if it went through: one
 * of unknown outcome says so too, for then it can have had no other answer. Null: somebody else was faster.
 */
export function outcomeOf({ type, error, node }: Completion, value: unknown): Completion | null {
  if (type === "fail" && error === "cas-mismatch") return null;
  return {
    type,
    ...(type === "fail" ? {} : { value }),
    ...(error === undefined ? {} : { error }),
    ...(node === undefined ? {} : { node }),
  };
}
