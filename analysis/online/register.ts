import type { HistoryEvent } from "../../history/event.ts";
import type { CheckerResult } from "../checker.ts";
import { KeyStream, type RetireAfter, type StreamOperation } from "./key-stream.ts";
import type { OnlineChecker } from "./online-checker.ts";
import { RenewedMap } from "./renewed-map.ts";
import { type Scalar, scalar } from "./scalar.ts";
import type { StreamProblem } from "./value-node.ts";

export interface OnlineRegisterLimits {
  /** Writes of unknown outcome that nobody saw, over all keys, until the checker gives up. Default: some 200 MB. */
  readonly maxUnknownWrites?: number;
  readonly retireAfter?: RetireAfter;
}
const defaultMaxUnknownWrites = 3_000_000;

const problems: Readonly<Record<StreamProblem, string>> = {
  "not-current": "an operation saw a value that was certainly overwritten before it began, or that nobody wrote",
  "aborted-read": "an operation saw the value of a write that certainly did not happen",
  "double-cas": "two compare-and-sets succeeded from the same value",
  "cas-cycle": "compare-and-sets that each need another one first",
  order: "an operation saw a value that a compare-and-set had certainly replaced before it began",
  overlap: "two values were each in the register before the other",
};

const remedies = {
  "values-repeat": "write every value at most once a key",
  "unsupported-operation":
    "a register is read, written and compared-and-set with scalars; use keys of their own for others",
  "too-many-unknown": "make operations time out later, or the run shorter",
  "impossible-history": "please report this as a bug of Keelhaul, with the history",
  "nothing-tested": "check that clients reach the cluster, and that the workload reads what it writes",
} as const;
type UnknownCode = keyof typeof remedies;

interface OpenOperation extends StreamOperation {
  readonly key: string;
}

/**
 * Linearizability of registers while the history grows, key by key, as `register.ts` of the offline checks decides it
 * for the whole: exact for reads, writes and compare-and-sets of unique values, whatever the number of unknown
 * outcomes. Refused compare-and-sets are left to the offline check. Source: Gibbons and Korach 1997.
 */
export class OnlineRegister implements OnlineChecker {
  readonly name = "register";
  readonly #keys = new Map<string, KeyStream>();
  /** Keys that cannot be judged while the run goes on. */
  readonly #undecided = new Map<string, UnknownCode>();
  /** Null while a process has nothing under way: most will have soon. */
  readonly #underWay = new RenewedMap<number, OpenOperation | null>();
  readonly #maxUnknownWrites: number;
  readonly #retireAfter: RetireAfter | undefined;
  #violation: { readonly key: string; readonly problem: StreamProblem; readonly seconds: number } | null = null;
  #broken: UnknownCode | null = null;
  #operations = 0;
  #answers = 0;
  #unknownWrites = 0;

  constructor({ maxUnknownWrites = defaultMaxUnknownWrites, retireAfter }: OnlineRegisterLimits = {}) {
    this.#maxUnknownWrites = maxUnknownWrites;
    this.#retireAfter = retireAfter;
  }

  feed(event: HistoryEvent): void {
    if (typeof event.process !== "number" || this.#violation !== null || this.#broken !== null) return;
    const operation = this.#underWay.get(event.process) ?? null;
    if ((event.type === "invoke") === (operation !== null)) this.#giveUp("impossible-history");
    else if (operation === null) this.#invoke(event, event.process);
    else this.#complete(event, event.process, operation);
  }

  verdictSoFar(): CheckerResult {
    const operations = `${this.#operations} operation${this.#operations === 1 ? "" : "s"}`;
    if (this.#violation !== null) {
      const { key, problem, seconds } = this.#violation;
      const summary = `key ${JSON.stringify(key)} is not linearizable: ${problems[problem]} (at ${seconds.toFixed(3)} s)`;
      return { verdict: "invalid", summary };
    }
    const reached = `${operations} on ${this.#keys.size} keys were judged`;
    if (this.#broken !== null) return unknown(this.#broken, reached);
    const [undecided] = this.#undecided;
    if (undecided !== undefined)
      return unknown(undecided[1], `${reached}, but not key ${JSON.stringify(undecided[0])}`);
    if (this.#answers === 0) return unknown("nothing-tested", "no read and no compare-and-set was answered");
    return { verdict: "valid", summary: `${operations} on ${this.#keys.size} keys are linearizable` };
  }

  finish(): CheckerResult {
    return this.verdictSoFar();
  }

  /** How much is kept, over all keys. */
  live(): { blocks: number; values: number } {
    const total = { blocks: 0, values: 0 };
    for (const { live } of this.#keys.values()) {
      total.blocks += live.blocks;
      total.values += live.values;
    }
    return total;
  }

  #invoke(event: HistoryEvent, process: number): void {
    const { key = "", index } = event;
    const asked = askedFor(event);
    const operation = { ...(asked ?? unjudged), key, inv: index, node: null, open: asked?.kind !== "write" };
    this.#underWay.set(process, operation);
    this.#operations++;
    if (asked === null) this.#leaveOut(key, "unsupported-operation");
    else if (this.#stream(key)?.invoke(operation) === false) this.#leaveOut(key, "values-repeat");
  }

  #complete(event: HistoryEvent, process: number, operation: OpenOperation): void {
    if (event.type === "info") this.#underWay.delete(process);
    else this.#underWay.set(process, null);
    const { key } = operation;
    const stream = this.#stream(key);
    if (stream === null) return;
    const before = stream.unknownWrites;
    let problem: StreamProblem | null = null;
    if (event.type === "info") stream.info(operation);
    else if (event.type === "fail") {
      if (event.error === "cas-mismatch") this.#answers++;
      problem = stream.fail(operation);
    } else {
      const answer = operation.kind === "read" ? scalar(event.value) : null;
      if (answer === undefined) {
        this.#leaveOut(key, "unsupported-operation");
        return;
      }
      if (operation.kind !== "write") this.#answers++;
      problem = stream.ok(operation, answer, event.index);
    }
    if (problem !== null) this.#violation = { key, problem, seconds: event.time / 1e9 };
    this.#unknownWrites += stream.unknownWrites - before;
    if (this.#unknownWrites > this.#maxUnknownWrites) this.#giveUp("too-many-unknown");
  }

  /** Null for a key that cannot be judged. */
  #stream(key: string): KeyStream | null {
    if (this.#undecided.has(key)) return null;
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const stream = new KeyStream(this.#retireAfter);
    this.#keys.set(key, stream);
    return stream;
  }

  #leaveOut(key: string, code: UnknownCode): void {
    this.#unknownWrites -= this.#keys.get(key)?.unknownWrites ?? 0;
    this.#keys.delete(key);
    this.#undecided.set(key, code);
  }

  #giveUp(code: UnknownCode): void {
    this.#broken = code;
    this.#keys.clear();
  }
}

type Asked = Pick<StreamOperation, "kind" | "from" | "to">;
const unjudged: Asked = { kind: "read", from: null, to: null };

/** Null where it is no operation of a register. */
function askedFor({ f, value }: HistoryEvent): Asked | null {
  if (f === "read") return unjudged;
  if (f === "write") {
    const to = scalar(value);
    return to === undefined ? null : { kind: "write", from: null, to };
  }
  if (f !== "cas" || !Array.isArray(value) || value.length !== 2) return null;
  const [from, to] = value.map(scalar) as [Scalar | undefined, Scalar | undefined];
  return from === undefined || to === undefined ? null : { kind: "cas", from, to };
}

function unknown(code: UnknownCode, reached: string): CheckerResult {
  return { verdict: "unknown", summary: `${reached}: ${code}`, cause: { code, reached, remedy: remedies[code] } };
}
