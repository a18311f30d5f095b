import type { ErrorCode } from "../../../history/event.ts";
import { type Clock, nowMs, sleepMs } from "../../../time/clock.ts";
import type { Json, LogCommand } from "../kv/commands.ts";
import type { RaftNode } from "../ports.ts";
import type { ClientAnswer, Question } from "../protocol/client-messages.ts";
import type { Attempt, Connect, Connection } from "./connection.ts";

export interface RouterOptions {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly pinnedTo?: string;
  readonly patienceMs?: number;
}

/** What a client wants done, and what comes of sending it twice: nothing, for it only reads; still one; or two. */
export interface Request {
  readonly question: Question<LogCommand>;
  readonly effect: "none" | "once" | "each-time";
  readonly deadlineMs: number;
}

export type Outcome =
  | { readonly type: "ok"; readonly value: Json; readonly node: string }
  | { readonly type: "fail" | "info"; readonly error: ErrorCode; readonly node: string };

/** How far a request got. */
interface Progress {
  /** It may have had an effect, or still have one. */
  doubt: ErrorCode | null;
  /** Why it certainly had none, if it had not. */
  refusal: "not-sent" | "not-leader" | "overloaded";
  /** What the own node, which was silent for too long, may still answer. */
  fromOwn: Promise<Tried> | null;
}

interface Tried {
  readonly node: string;
  readonly attempt: Attempt;
}

const pauseMs = 50;
/** A try that has less time than this would end in doubt about what was certain until then. */
const shortestTryMs = 50;
/** Hints followed without a pause; two nodes can each take the other for the leader. */
const maxHintsInARow = 2;

/** Finds the node that carries a request out, and says what is certain of it when none does in time. */
export class ClientRouter {
  readonly #clock: Clock;
  readonly #nodes: readonly string[];
  readonly #connections: ReadonlyMap<string, Connection>;
  readonly #pinnedTo: string | null;
  readonly #patienceMs: number;
  #leader: string | null = null;
  #turn = 0;
  #closed = false;

  constructor(cluster: readonly RaftNode[], options: RouterOptions) {
    this.#clock = options.clock;
    this.#nodes = cluster.map((node) => node.id);
    this.#connections = new Map(cluster.map((node) => [node.id, options.connect(node)]));
    this.#pinnedTo = options.pinnedTo ?? null;
    this.#patienceMs = options.patienceMs ?? Number.POSITIVE_INFINITY;
  }

  async carryOut(request: Request): Promise<Outcome> {
    const progress: Progress = { doubt: null, refusal: "not-sent", fromOwn: null };
    let next = this.#firstFor(request);
    let hints = 0;
    for (;;) {
      const { node, attempt } = await this.#try(next, request, progress);
      const outcome = this.#conclude(attempt, node, request, progress);
      if (outcome !== null) return outcome;
      if (this.#closed) return { type: "info", error: "connection-lost", node };
      const hint = this.#hintOf(attempt, node);
      this.#leader = hint;
      if (hint !== null && hints < maxHintsInARow) {
        next = hint;
        hints++;
        continue;
      }
      hints = 0;
      await sleepMs(this.#clock, Math.max(0, Math.min(pauseMs, this.#leftMs(request))));
      if (this.#leftMs(request) < shortestTryMs) return outOfTime(progress, node);
      next = this.#nextFor(hint, node, progress);
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
  }

  /** A pinned client asks its own node; another one the leader, or every node in turn where all may answer. */
  #firstFor({ question }: Request): string {
    if (this.#pinnedTo !== null) return this.#pinnedTo;
    if ("read" in question && this.#everyNodeAnswers()) return this.#turnTo();
    return this.#leader ?? this.#turnTo();
  }

  /**
   * A pinned client returns to its own node from any other, but not while that one is silent. It does not stay where it was
   * refused: a node that is no member any more knows no leader, and never will.
   */
  #nextFor(hint: string | null, asked: string, progress: Progress): string {
    if (this.#pinnedTo !== null && progress.fromOwn === null && asked !== this.#pinnedTo) return this.#pinnedTo;
    const next = hint ?? this.#turnTo();
    return next === this.#pinnedTo ? this.#turnTo() : next;
  }

  #everyNodeAnswers(): boolean {
    for (const { readMode } of this.#connections.values()) {
      if (readMode === "local" || readMode === "follower") return true;
    }
    return false;
  }

  #turnTo(): string {
    const node = this.#nodes[this.#turn % this.#nodes.length];
    this.#turn++;
    if (node === undefined) throw new RangeError("a client needs at least one node");
    return node;
  }

  /** Asks a node. The own one's answer to an earlier try counts as well, if it comes first. */
  async #try(node: string, request: Request, progress: Progress): Promise<Tried> {
    if (node !== this.#pinnedTo) {
      const elsewhere = this.#ask(node, request, this.#patienceMs);
      if (progress.fromOwn === null) return elsewhere;
      const tried = await Promise.race([elsewhere, progress.fromOwn]);
      if (tried.node === this.#pinnedTo) progress.fromOwn = null;
      return tried;
    }
    const own = progress.fromOwn ?? this.#ask(node, request, Number.POSITIVE_INFINITY);
    if (request.effect !== "once") return own;
    const tried = await within(this.#clock, this.#patienceMs, own);
    progress.fromOwn = tried === null ? own : null;
    return tried ?? { node, attempt: { type: "timeout" } };
  }

  async #ask(node: string, request: Request, patienceMs: number): Promise<Tried> {
    const connection = this.#connections.get(node);
    if (connection === undefined) throw new RangeError(`no node ${node} in this cluster: ${this.#nodes.join(", ")}`);
    const timeoutMs = Math.max(0, Math.min(patienceMs, this.#leftMs(request)));
    return { node, attempt: await connection.ask(request.question, timeoutMs) };
  }

  /** How the request ended; null: it may be sent again. */
  #conclude(attempt: Attempt, node: string, request: Request, progress: Progress): Outcome | null {
    if (attempt.type === "answered") return this.#concludeAnswer(attempt.answer, node, request, progress);
    if (attempt.type === "not-sent") return null;
    return this.#doubt(attempt.type, node, request, progress);
  }

  #concludeAnswer(answer: ClientAnswer, node: string, request: Request, progress: Progress): Outcome | null {
    switch (answer.type) {
      case "ok":
        if (!this.#everyNodeAnswers() || !("read" in request.question)) this.#leader = node;
        return { type: "ok", value: answer.value, node };
      case "cas-mismatch":
      case "wrong-type":
        this.#leader = node;
        return { type: "fail", error: answer.type, node };
      case "too-large":
      case "session-expired":
        // Said of this try alone: an earlier one may have reached a port with another limit, or a session that still was.
        if (progress.doubt !== null) return { type: "info", error: progress.doubt, node };
        return { type: "fail", error: answer.type, node };
      case "outcome-unknown":
        return this.#doubt(answer.type, node, request, progress);
      case "not-leader":
      case "overloaded":
        progress.refusal = answer.type;
        return null;
      case "transferring":
        progress.refusal = "not-leader";
        return null;
    }
  }

  /** Nobody knows whether it took effect; null: that does not matter, or another try will tell. */
  #doubt(error: ErrorCode, node: string, request: Request, progress: Progress): Outcome | null {
    this.#leader = null;
    if (request.effect === "each-time") return { type: "info", error, node };
    progress.doubt = error;
    return null;
  }

  #hintOf(attempt: Attempt, asked: string): string | null {
    if (attempt.type !== "answered" || attempt.answer.type !== "not-leader") return null;
    const { leader } = attempt.answer;
    return leader !== null && leader !== asked && this.#connections.has(leader) ? leader : null;
  }

  #leftMs({ deadlineMs }: Request): number {
    return deadlineMs - nowMs(this.#clock);
  }
}

/** What is certain of a request that nobody carried out as far as is known. */
function outOfTime({ doubt, refusal }: Progress, node: string): Outcome {
  return doubt === null ? { type: "fail", error: refusal, node } : { type: "info", error: doubt, node };
}

/** What the promise brings, or null when it takes longer. */
function within<T>(clock: Clock, timeoutMs: number, promise: Promise<T>): Promise<T | null> {
  if (timeoutMs === Number.POSITIVE_INFINITY) return promise;
  return new Promise((resolve, reject) => {
    const callOff = clock.after(timeoutMs, () => resolve(null));
    promise.then(resolve, reject).finally(callOff);
  });
}
