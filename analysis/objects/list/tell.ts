import type { Element } from "../elements.ts";
import { answered } from "../phrases.ts";
import type { Where } from "../strays.ts";
import type { ListDisorder } from "./list-order.ts";

export function tellListDisorder(where: Where, disorder: ListDisorder, elements: ReadonlyMap<string, Element>): void {
  if (disorder.type === "disagree") tellDisagreement(where, disorder);
  else if (disorder.type === "order") tellOrder(where, disorder, elements);
  else tellMissing(where, disorder);
}

function tellDisagreement({ judgement, key }: Where, disorder: ListDisorder & { type: "disagree" }): void {
  const { one, other, place } = disorder;
  const at = (names: readonly string[]): string => `a list with ${names[place]} at place ${place + 1}`;
  judgement.add({
    ...{ kind: "lists-disagree", key, operations: [one.op, other.op] },
    sentence: (seconds) =>
      `${answered(one.op, seconds, at(one.names))}, yet ${answered(other.op, seconds, at(other.names))}`,
  });
}

function tellMissing({ judgement, key }: Where, disorder: ListDisorder & { type: "stale" | "lost" }): void {
  const { read, missing, knownBy, type } = disorder;
  const staleMs = Math.floor((read.op.invokedAtNs - knownBy.completedAtNs) / 1e3) / 1e3;
  judgement.add({
    ...{ kind: type === "stale" ? "stale-list" : "lost-append", key, operations: [knownBy, read.op] },
    sentence: (seconds) => {
      const when = seconds(knownBy.completedAtNs);
      const known =
        knownBy.f === "read"
          ? `process ${knownBy.process} had already seen it at ${when}`
          : `it had been acknowledged to process ${knownBy.process} at ${when}`;
      const said = `${answered(read.op, seconds, `a list without ${missing}`)}, but ${known}`;
      return type === "stale" ? `${said}: at least ${staleMs} ms stale` : `${said}, and no read ever has it`;
    },
  });
}

function tellOrder(
  { judgement, key }: Where,
  { earlier, later, read }: ListDisorder & { type: "order" },
  elements: ReadonlyMap<string, Element>,
): void {
  const began = elements.get(earlier)?.first ?? null;
  const ended = elements.get(later)?.acknowledged ?? null;
  if (began === null || ended === null) return;
  const listed = read.names.includes(later)
    ? `with ${earlier} before ${later}`
    : `with ${earlier} and without ${later}`;
  judgement.add({
    ...{ kind: "element-order", key, operations: [read.op, began, ended] },
    sentence: (seconds) =>
      `${answered(read.op, seconds, `a list ${listed}`)}, but ${later} had been acknowledged to process ` +
      `${ended.process} at ${seconds(ended.completedAtNs)}, before process ${began.process} began to append ${earlier} ` +
      `at ${seconds(began.invokedAtNs)}`,
  });
}
