import type { Clock } from "../../register/orders.ts";
import type { Element } from "../elements.ts";
import type { Judgement } from "../judgement.ts";
import type { ObjectOperation } from "../operations.ts";
import { plural, show } from "../phrases.ts";
import type { Taken } from "./queue-history.ts";

/** "process 3 took 41 at 12.31 s (n2)". */
export function took({ op, name }: Taken, seconds: Clock): string {
  const where = op.node === undefined ? "" : ` from ${op.node}`;
  return `process ${op.process} took ${show(JSON.parse(name))}${where} at ${seconds(op.completedAtNs)}`;
}

export function tellStray(judgement: Judgement, key: string, taken: Taken, failed: ObjectOperation | null): void {
  const why = failed?.error === undefined ? "" : ` (${failed.error})`;
  judgement.add({
    ...{ kind: failed === null ? "phantom-item" : "aborted-item", key },
    operations: failed === null ? [taken.op] : [taken.op, failed],
    sentence: (seconds) =>
      failed === null
        ? `${took(taken, seconds)}, but nobody put it in`
        : `${took(taken, seconds)}, but process ${failed.process}'s putting it in had certainly failed${why}`,
  });
}

export function tellFuture(judgement: Judgement, key: string, taken: Taken, put: ObjectOperation | null): void {
  if (put === null) return;
  judgement.add({
    ...{ kind: "future-item", key, operations: [taken.op, put] },
    sentence: (seconds) =>
      `${took(taken, seconds)}, before process ${put.process} began to put it in at ${seconds(put.invokedAtNs)}`,
  });
}

export function tellRepeated(judgement: Judgement, key: string, takings: readonly Taken[], item: Element): void {
  const [first, second] = takings;
  if (first === undefined || second === undefined) return;
  const again = takings.length > 2 ? `, ${takings.length} times in all` : "";
  const once = item.attempts === 1 ? "once" : `${item.attempts} times`;
  judgement.add({
    ...{ kind: "duplicate-item", key, operations: takings.slice(0, 4).map(({ op }) => op) },
    sentence: (seconds) =>
      `${took(first, seconds)}, and process ${second.op.process} took it again at ` +
      `${seconds(second.op.completedAtNs)}${again}, but it was put in only ${once}`,
  });
}

const shownItems = 4;

export function tellLost(
  judgement: Judgement,
  key: string,
  missing: readonly Element[],
  emptied: ObjectOperation,
  certain: number,
): void {
  const shown = missing.slice(0, shownItems);
  const puts = shown.flatMap(({ acknowledged }) => acknowledged ?? []);
  const [first] = puts;
  if (first === undefined) return;
  const atLeast = certain < missing.length ? `at least ${certain} of ` : "";
  const list = `${shown.map(({ value }) => show(value)).join(", ")}${missing.length > shownItems ? ", …" : ""}`;
  judgement.add({
    ...{ kind: "lost-item", key, operations: [...puts, emptied], count: certain },
    sentence: (seconds) =>
      `${atLeast}${plural(missing.length, "acknowledged item")} (${list}) never came out, though the queue was found ` +
      `empty by process ${emptied.process} at ${seconds(emptied.completedAtNs)}; ${show(first.asked)} had been ` +
      `acknowledged to process ${first.process} at ${seconds(first.completedAtNs)}`,
  });
}
