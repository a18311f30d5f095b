import { setTimeout as sleep } from "node:timers/promises";
import type { HostNode } from "../../controller/hosts/host.ts";
import type { Completion, ErrorCode, Operation } from "../../history/event.ts";
import type { Client, ClientOptions } from "../system.ts";
import { type Attempt, ClientConnection } from "./client-connection.ts";
import type { ClientAnswer, Question } from "./protocol/client-messages.ts";
import { onlyReads, questionOf } from "./questions.ts";

const pauseMs = 50;
/** Hints followed without a pause; two nodes can each take the other for the leader. */
const maxHintsInARow = 2;

/**
 * A client of the Raft store. What changes something is sent to another node only when the first has certainly not
 * accepted it; what only reads is asked again elsewhere.
 */
export class RaftClient implements Client {
  readonly #nodes: readonly string[];
  readonly #connections: ReadonlyMap<string, ClientConnection>;
  readonly #pinnedTo: string | null;
  readonly #elsewhereTimeoutMs: number;
  #leader: string | null = null;
  #turn = 0;
  #closed = false;

  constructor(cluster: readonly HostNode[], options: ClientOptions) {
    this.#nodes = cluster.map((node) => node.id);
    this.#connections = new Map(cluster.map((node) => [node.id, new ClientConnection(node.addresses.reach.client)]));
    this.#pinnedTo = options.pinnedTo ?? null;
    this.#elsewhereTimeoutMs = options.elsewhereTimeoutMs ?? Number.POSITIVE_INFINITY;
  }

  async invoke(operation: Operation, timeoutMs: number): Promise<Completion> {
    const question = questionOf(operation);
    const operand = operation.value ?? null;
    const deadline = performance.now() + timeoutMs;
    let node = this.#firstFor(question);
    let hints = 0;
    let reached = false;
    for (;;) {
      const attempt = await this.#ask(node, question, deadline);
      const completion = this.#conclude(attempt, node, question, operand);
      if (completion !== null) return completion;
      if (this.#closed) return info("connection-lost", node, operand);
      reached ||= attempt.type !== "not-sent";
      const hint = this.#hintOf(attempt, node);
      this.#leader = hint;
      if (hint !== null && hints < maxHintsInARow) {
        node = hint;
        hints++;
        continue;
      }
      hints = 0;
      await sleep(Math.max(0, Math.min(pauseMs, deadline - performance.now())));
      // Every try was refused before it had an effect, so this is certain.
      if (performance.now() >= deadline) return fail(reached ? "not-leader" : "not-sent", node, operand);
      node = this.#pinnedTo ?? hint ?? this.#nextNode();
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
  }

  /** A pinned client asks its own node; another one the leader, or every node in turn where all may answer. */
  #firstFor(question: Question): string {
    if (this.#pinnedTo !== null) return this.#pinnedTo;
    if ("read" in question && this.#everyNodeAnswers()) return this.#nextNode();
    return this.#leader ?? this.#nextNode();
  }

  #everyNodeAnswers(): boolean {
    return [...this.#connections.values()].some(({ readMode }) => readMode === "local" || readMode === "follower");
  }

  #nextNode(): string {
    const node = this.#nodes[this.#turn % this.#nodes.length];
    this.#turn++;
    if (node === undefined) throw new RangeError("a client needs at least one node");
    return node;
  }

  #ask(node: string, question: Question, deadline: number): Promise<Attempt> {
    const connection = this.#connections.get(node);
    if (connection === undefined) throw new RangeError(`no node ${node} in this cluster: ${this.#nodes.join(", ")}`);
    const own = this.#pinnedTo === null || this.#pinnedTo === node;
    const patienceMs = own ? Number.POSITIVE_INFINITY : this.#elsewhereTimeoutMs;
    return connection.ask(question, Math.max(0, Math.min(patienceMs, deadline - performance.now())));
  }

  /** How the operation ended; null: it certainly had no effect, and may be tried again. */
  #conclude(attempt: Attempt, node: string, question: Question, operand: unknown): Completion | null {
    if (attempt.type === "answered") return this.#concludeAnswer(attempt.answer, node, question, operand);
    if (attempt.type === "not-sent") return null;
    this.#leader = null;
    if (attempt.type === "connection-lost" && onlyReads(question)) return null;
    return info(attempt.type, node, operand);
  }

  #concludeAnswer(answer: ClientAnswer, node: string, question: Question, operand: unknown): Completion | null {
    switch (answer.type) {
      case "ok":
        if (!this.#everyNodeAnswers() || !("read" in question)) this.#leader = node;
        return { type: "ok", value: answer.value, node };
      case "cas-mismatch":
      case "wrong-type":
      case "too-large":
        this.#leader = node;
        return fail(answer.type, node, operand);
      case "outcome-unknown":
        this.#leader = null;
        return onlyReads(question) ? null : info("outcome-unknown", node, operand);
      case "not-leader":
      case "overloaded":
      case "transferring":
        return null;
    }
  }

  #hintOf(attempt: Attempt, asked: string): string | null {
    if (attempt.type !== "answered" || attempt.answer.type !== "not-leader") return null;
    const { leader } = attempt.answer;
    return leader !== null && leader !== asked && this.#connections.has(leader) ? leader : null;
  }
}

function fail(error: ErrorCode, node: string, operand: unknown): Completion {
  return { type: "fail", error, node, value: operand };
}

function info(error: ErrorCode, node: string, operand: unknown): Completion {
  return { type: "info", error, node, value: operand };
}
