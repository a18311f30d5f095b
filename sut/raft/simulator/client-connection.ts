import type { Attempt, Connection } from "../client/connection.ts";
import type { LogCommand } from "../kv/commands.ts";
import type { ClientAnswer, Question } from "../protocol/client-messages.ts";
import { encodeQuestion } from "../protocol/command-codec.ts";
import type { Caller } from "./caller.ts";
import type { Machine } from "./machine.ts";

/** A client's way to one simulated node. */
export class SimulatedConnection implements Connection {
  readonly #machine: Machine;
  readonly #caller: Caller;
  #closed = false;
  readMode: string | null = null;

  constructor(machine: Machine, caller: Caller) {
    this.#machine = machine;
    this.#caller = caller;
  }

  async ask(question: Question<LogCommand>, timeoutMs: number): Promise<Attempt> {
    if (this.#closed) return { type: "not-sent" };
    const encoded = encodeQuestion(question);
    const attempt = await this.#caller.call<ClientAnswer>(this.#machine, timeoutMs, (node, answer) => {
      this.readMode = node.readMode;
      node.driver.submit(encoded, answer);
    });
    return this.#closed ? { type: "connection-lost" } : attempt;
  }

  close(): void {
    this.#closed = true;
  }
}
