import type { Completion, Operation } from "../../../history/event.ts";
import { type Clock, nowMs } from "../../../time/clock.ts";
import type { Client } from "../../system.ts";
import type { KvCommand } from "../kv/commands.ts";
import type { RaftNode } from "../ports.ts";
import { ClientRouter, type Outcome, type RouterOptions } from "./client-router.ts";
import { completedValue, onlyReads, questionOf } from "./questions.ts";

export interface RaftClientOptions extends RouterOptions {
  /** Write in a session, so that what was not answered can be sent again and is carried out once (§6.3). */
  readonly sessions: boolean;
}

/**
 * A client of the Raft store. What only reads is asked again elsewhere. What changes something is so as well in a session;
 * without one it is sent to another node only when the first has certainly not accepted it.
 */
export class RaftClient implements Client {
  readonly #router: ClientRouter;
  readonly #clock: Clock;
  readonly #sessions: boolean;
  #session: number | null = null;
  /** The last number used in the session. */
  #sequence = 0;
  #writing = false;

  constructor(cluster: readonly RaftNode[], options: RaftClientOptions) {
    this.#router = new ClientRouter(cluster, options);
    this.#clock = options.clock;
    this.#sessions = options.sessions;
  }

  async invoke(operation: Operation, timeoutMs: number): Promise<Completion> {
    const question = questionOf(operation);
    const deadlineMs = nowMs(this.#clock) + timeoutMs;
    const outcome =
      "read" in question || onlyReads(question)
        ? await this.#router.carryOut({ question, effect: "none", deadlineMs })
        : await this.#write(question.command, deadlineMs);
    if (outcome.type === "ok") return { ...outcome, value: completedValue(operation, outcome.value) };
    return { ...outcome, value: operation.value ?? null };
  }

  close(): void {
    this.#router.close();
  }

  async #write(command: KvCommand, deadlineMs: number): Promise<Outcome> {
    if (!this.#sessions) return this.#router.carryOut({ question: { command }, effect: "each-time", deadlineMs });
    if (this.#writing) throw new Error("a client writes one thing at a time: its session keeps one answer");
    this.#writing = true;
    try {
      return await this.#writeInSession(command, deadlineMs);
    } finally {
      this.#writing = false;
    }
  }

  /** Once in all, whatever was sent twice. A session that was forgotten before the first try is replaced. */
  async #writeInSession(command: KvCommand, deadlineMs: number): Promise<Outcome> {
    for (;;) {
      const refused = await this.#openSession(deadlineMs);
      if (refused !== null) return refused;
      const once = { type: "once", session: this.#session!, sequence: ++this.#sequence, command } as const;
      const outcome = await this.#router.carryOut({ question: { command: once }, effect: "once", deadlineMs });
      if (!(outcome.type === "fail" && outcome.error === "session-expired")) return outcome;
      this.#session = null;
    }
  }

  /** Null: there is a session. Otherwise why there is none, and so certainly nothing was written. */
  async #openSession(deadlineMs: number): Promise<Outcome | null> {
    if (this.#session !== null) return null;
    const question = { command: { type: "open-session" } } as const;
    const opened = await this.#router.carryOut({ question, effect: "once", deadlineMs });
    if (opened.type === "ok") {
      this.#session = opened.value as number;
      this.#sequence = 0;
      return null;
    }
    return opened.type === "info" ? { ...opened, type: "fail", error: "given-up" } : opened;
  }
}
