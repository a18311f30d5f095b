import { isMap, isPair } from "../../value-shapes.ts";
import { encode } from "../elements.ts";
import type { ObjectOperation } from "../operations.ts";

/** A message as a producer sent it. */
export interface Sent {
  readonly op: ObjectOperation;
  readonly key: string;
  readonly value: unknown;
  /** The value's encoding. */
  readonly name: string;
  /** Where the log says that it keeps the message; null where that is not known. */
  readonly offset: number | null;
}

/** A message as a consumer got it. */
export interface Polled {
  readonly op: ObjectOperation;
  readonly key: string;
  readonly value: unknown;
  readonly name: string;
  readonly offset: number | null;
}

/** What one poll was answered with for one log, in that order. */
export interface Batch {
  readonly op: ObjectOperation;
  readonly key: string;
  readonly messages: readonly Polled[];
  /** Where the poll was asked to begin, to go on to the end of the log; null where the consumer keeps its place. */
  readonly from: number | null;
}

/** One operation on logs, with what it said for certain: all of an `ok`, and what an `info` saw before it ended so. */
export interface LogOperation {
  readonly op: ObjectOperation;
  readonly sent: readonly Sent[];
  readonly polls: readonly (readonly Batch[])[];
  /** `assign` takes exactly these logs; after `subscribe` the system decides, and may change its mind at any time. */
  readonly assigned: readonly string[] | null;
}

/** The operations of a history on logs, in the order of their invocations; null where one cannot be understood. */
export function logOperations(operations: readonly ObjectOperation[]): readonly LogOperation[] | null {
  const read = operations.filter(({ f }) => isOnLogs(f)).map(logOperation);
  return read.every((one): one is LogOperation => one !== null) ? read : null;
}

const withSteps: readonly string[] = ["send", "poll", "txn"];
const assignments: readonly string[] = ["assign", "subscribe"];

function isOnLogs(f: string): boolean {
  return withSteps.includes(f) || assignments.includes(f);
}

function logOperation(op: ObjectOperation): LogOperation | null {
  if (assignments.includes(op.f)) {
    return { op, sent: [], polls: [], assigned: Array.isArray(op.asked) ? op.asked.map(keyOf) : [] };
  }
  const asked = stepsIn(op.asked);
  if (asked === null) return null;
  const told = stepsIn(op.answer ?? op.tentative) ?? (op.outcome === "ok" ? null : asked);
  if (told === null || told.length !== asked.length) return null;
  const sent: Sent[] = [];
  const polls: (readonly Batch[])[] = [];
  for (const [place, step] of asked.entries()) {
    const answer = told[place]!;
    if (answer[0] !== step[0]) return null;
    if (step[0] === "send") {
      const message = sentBy(op, step, answer);
      if (message === null) return null;
      sent.push(message);
    } else {
      const batches = batchesOf(op, step, op.outcome === "fail" ? ["poll"] : answer);
      if (batches === null) return null;
      polls.push(batches);
    }
  }
  return { op, sent, polls, assigned: null };
}

type Step = readonly ["send", key: unknown, value: unknown] | readonly ["poll", batches?: unknown];

function stepsIn(value: unknown): readonly Step[] | null {
  if (!Array.isArray(value)) return null;
  return value.every(isStep) ? value : null;
}

function isStep(step: unknown): step is Step {
  return Array.isArray(step) && (step[0] === "poll" || (step[0] === "send" && step.length === 3));
}

/** A send is answered with `[offset value]`, or with the value alone where the offset is not known; else null. */
function sentBy(op: ObjectOperation, step: Step, answer: Step): Sent | null {
  const [, key, value] = step;
  const name = encode(value);
  const told = answer[2];
  const unplaced = { op, key: keyOf(key), value, name, offset: null };
  if (op.outcome === "fail" || encode(told) === name) return unplaced;
  if (!isPair(told) || encode(told[1]) !== name) return null;
  return { ...unplaced, offset: offsetOf(told[0]) };
}

/** A poll that was not answered saw nothing, and neither did one that only says where it was to begin. */
function batchesOf(op: ObjectOperation, [, asked]: Step, [, told]: Step): Batch[] | null {
  if (!isMap(told)) return [];
  const batches: Batch[] = [];
  for (const [key, pairs] of Object.entries(told)) {
    if (typeof pairs === "number" && op.outcome !== "ok") continue;
    if (!Array.isArray(pairs) || !pairs.every(isPair)) return null;
    const from = isMap(asked) ? offsetOf(asked[key]) : null;
    const messages = pairs.map(([offset, value]) => {
      return { op, key, value, name: encode(value), offset: offsetOf(offset) };
    });
    batches.push({ op, key, messages, from });
  }
  return batches;
}

function offsetOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

function keyOf(key: unknown): string {
  return typeof key === "string" ? key : encode(key);
}
