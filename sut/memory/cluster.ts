import type { Completion, ErrorCode, Operation } from "../../history/event.ts";
import { sleepMs } from "../../time/clock.ts";
import { completedValue, questionOf } from "../raft/client/questions.ts";
import type { KvResult } from "../raft/kv/commands.ts";
import type { Question } from "../raft/protocol/client-messages.ts";
import type { Client, ClientOptions } from "../system.ts";
import type { Bug } from "./bugs.ts";
import { type CarryOut, healthy, Site, type Surroundings } from "./site.ts";

export interface MemoryOptions {
  readonly nodes: readonly string[];
  readonly bugs: readonly Bug[];
  /** The longest time that a request, or its answer, is on its way. */
  readonly delayMs: number;
  /** The part of requests, from 0 to 1, whose answer gets lost; half of these are never carried out. */
  readonly lost: number;
}

/** A store whose nodes live in this process, and agree at every moment, but for the bugs that it is given. */
export class MemoryCluster {
  readonly #options: MemoryOptions;
  readonly #around: Surroundings;
  readonly #carryOut: CarryOut;

  constructor(options: MemoryOptions, around: Surroundings) {
    this.#options = options;
    this.#around = around;
    const site = new Site(options.nodes, around);
    this.#carryOut = options.bugs.reduce((next, bug) => bug.spoil(next, site), healthy(site));
  }

  client({ pinnedTo }: ClientOptions): Client {
    let closed = false;
    return {
      invoke: async (operation) => {
        const node = pinnedTo ?? this.#around.random.pick(this.#options.nodes);
        return this.#ask(node, operation, () => closed);
      },
      close: () => {
        closed = true;
      },
    };
  }

  async #ask(node: string, operation: Operation, closed: () => boolean): Promise<Completion> {
    const question = questionOf(operation);
    if (closed()) return unknown("connection-lost", node, operation);
    await this.#travel();
    if (this.#around.random.fraction() < this.#options.lost) {
      await this.#lose(question, node);
      return unknown("timeout", node, operation);
    }
    const result = await this.#carryOut(question, node);
    await this.#travel();
    return closed() ? unknown("connection-lost", node, operation) : completionOf(result, node, operation);
  }

  /** Half of what is lost was lost on the way to the node. */
  async #lose(question: Question, node: string): Promise<void> {
    if (this.#around.random.fraction() < 0.5) await this.#carryOut(question, node);
    await this.#travel();
  }

  async #travel(): Promise<void> {
    await sleepMs(this.#around.clock, this.#around.random.fraction() * this.#options.delayMs);
  }
}

function completionOf(result: KvResult, node: string, operation: Operation): Completion {
  if (result.type === "ok") return { type: "ok", value: completedValue(operation, result.value), node };
  return { type: "fail", error: result.type, node, value: operation.value ?? null };
}

function unknown(error: ErrorCode, node: string, operation: Operation): Completion {
  return { type: "info", error, node, value: operation.value ?? null };
}
