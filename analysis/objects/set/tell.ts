import type { Clock } from "../../register/orders.ts";
import type { Element } from "../elements.ts";
import type { ObjectOperation } from "../operations.ts";
import { answered, show } from "../phrases.ts";
import type { Where } from "../strays.ts";
import type { Fate } from "./fates.ts";
import type { Disorder } from "./nested.ts";

/** "n3 answered a set without 5 …, but 5 had been acknowledged to process 0 at 1.10 s, and no later read has it". */
export function tellFate({ judgement, key }: Where, { element, knownBy, absence, kind, latencyMs }: Fate): void {
  if (absence === null) return;
  const value = show(element.value);
  const then = kind === "lost" ? "and no later read has it" : `at least ${milliseconds(latencyMs)} stale`;
  judgement.add({
    kind: kind === "lost" ? "lost-element" : "stale-element",
    key,
    operations: [knownBy, absence],
    sentence: (seconds) =>
      `${answered(absence, seconds, `a set without ${value}`)}, but ${knownToBeIn(knownBy, value, seconds)}${kind === "lost" ? ", " : ": "}${then}`,
  });
}

export function tellDisorder(
  { judgement, key }: Where,
  disorder: Disorder,
  elements: ReadonlyMap<string, Element>,
): void {
  if (disorder.type === "incomparable") {
    const { one, other, names } = disorder;
    const [inOne, inOther] = names;
    judgement.add({
      ...{ kind: "sets-disagree", key, operations: [one.op, other.op, ...adders([inOne, inOther], elements)] },
      sentence: (seconds) =>
        `${answered(one.op, seconds, `a set with ${inOne} and without ${inOther}`)}, yet ` +
        answered(other.op, seconds, `one with ${inOther} and without ${inOne}`),
    });
    return;
  }
  const { read, seen, missing } = disorder;
  const began = elements.get(seen)?.first ?? null;
  const ended = elements.get(missing)?.acknowledged ?? null;
  if (began === null || ended === null) return;
  judgement.add({
    ...{ kind: "element-order", key, operations: [read.op, began, ended] },
    sentence: (seconds) =>
      `${answered(read.op, seconds, `a set with ${seen} and without ${missing}`)}, but ${missing} had been acknowledged to ` +
      `process ${ended.process} at ${seconds(ended.completedAtNs)}, before process ${began.process} began to add ${seen} ` +
      `at ${seconds(began.invokedAtNs)}`,
  });
}

function knownToBeIn(knownBy: ObjectOperation, value: string, seconds: Clock): string {
  const when = seconds(knownBy.completedAtNs);
  return knownBy.f === "read"
    ? `process ${knownBy.process} had already seen ${value} at ${when}`
    : `${value} had been acknowledged to process ${knownBy.process} at ${when}`;
}

function adders(names: readonly string[], elements: ReadonlyMap<string, Element>): ObjectOperation[] {
  return names.flatMap((name) => elements.get(name)?.first ?? []);
}

function milliseconds(ms: number): string {
  return `${ms >= 10 ? Math.floor(ms) : Math.floor(ms * 1000) / 1000} ms`;
}
