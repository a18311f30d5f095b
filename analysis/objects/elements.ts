import { elementsIn } from "../../history/set-value.ts";
import type { ObjectOperation } from "./operations.ts";

/** What a history says about one element that was put into a set, list or queue. */
export interface Element {
  readonly value: unknown;
  /** The first invoked of the operations that put it in or may have; null: all of them failed. */
  readonly first: ObjectOperation | null;
  /** The first of them to be acknowledged. */
  readonly acknowledged: ObjectOperation | null;
  /** One that certainly did not happen. */
  readonly failed: ObjectOperation | null;
  /** How many operations put it in or may have, and how many of them were acknowledged. */
  readonly attempts: number;
  readonly acks: number;
  /** When the last acknowledgement came; -Infinity without one. */
  readonly lastAck: number;
}

/** Values compare by their encodings, so that 1 and "1" differ. */
export function encode(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** The elements that these operations were asked to put in, by encoding. */
export function elementsOf(puts: readonly ObjectOperation[]): Map<string, Element> {
  const elements = new Map<string, Element>();
  for (const put of puts) {
    const name = encode(put.asked);
    elements.set(name, withPut(elements.get(name) ?? none(put.asked), put));
  }
  return elements;
}

function none(value: unknown): Element {
  return { value, first: null, acknowledged: null, failed: null, attempts: 0, acks: 0, lastAck: -Infinity };
}

function withPut(element: Element, put: ObjectOperation): Element {
  if (put.outcome === "fail") return { ...element, failed: element.failed ?? put };
  const acknowledged = put.outcome === "ok" && put.ret < (element.acknowledged?.ret ?? Infinity);
  return {
    ...element,
    first: element.first ?? put,
    acknowledged: acknowledged ? put : element.acknowledged,
    attempts: element.attempts + 1,
    acks: element.acks + (put.outcome === "ok" ? 1 : 0),
    lastAck: put.outcome === "ok" ? Math.max(element.lastAck, put.ret) : element.lastAck,
  };
}

/** A read of a set or list: its elements' encodings, in the order of the answer. */
export interface ListRead {
  readonly op: ObjectOperation;
  readonly names: readonly string[];
}

/** What was read of a list, null standing for an empty one; null when an answer is no list. */
export function listReads(reads: readonly ObjectOperation[]): ListRead[] | null {
  return readsWith(reads, (answer) => (Array.isArray(answer) ? answer : null));
}

/** What was read of a set, as a list or as a set; null when an answer is neither. */
export function setReads(reads: readonly ObjectOperation[]): ListRead[] | null {
  return readsWith(reads, elementsIn);
}

function readsWith(
  reads: readonly ObjectOperation[],
  elementsOfAnswer: (answer: unknown) => readonly unknown[] | null,
): ListRead[] | null {
  const lists = reads.map((op) => ({ op, list: elementsOfAnswer(op.answer ?? []) }));
  if (!lists.every((read): read is { op: ObjectOperation; list: readonly unknown[] } => read.list !== null))
    return null;
  return lists.map(({ op, list }) => ({ op, names: list.map(encode) }));
}

/** Why a key whose answers are no lists stays open. */
export const noList = {
  code: "unsupported-operation",
  reached: "a read was answered with something that is no list",
  remedy: "give every key operations of one kind only",
} as const;
