import type { HistoryEvent } from "../../../history/event.ts";
import { pairOperations } from "../../../history/pair.ts";
import type { ModelName } from "../model-table.ts";

/**
 * Which consistency models a small history has, from their definitions alone and by trying everything: each choice of
 * the transactions of unknown outcome that took effect, and each order of the versions of each key. Adya's models are
 * written with edges to the next version, Cerone's with edges to all later ones, as in their papers; relations are
 * matrices. Slow, and shares nothing with the checkers.
 */
export function modelsThatHold(events: readonly HistoryEvent[]): ReadonlySet<ModelName> {
  const operations = pairOperations(events).map(({ invocation, completion }): Transaction => {
    const type = completion?.type === "ok" || completion?.type === "fail" ? completion.type : "info";
    return {
      steps: (type === "ok" ? completion!.value : invocation.value) as Step[],
      type,
      process: invocation.process as number,
      inv: invocation.index,
      ret: type === "ok" ? completion!.index : Number.POSITIVE_INFINITY,
    };
  });
  const certain = operations.filter(({ type }) => type === "ok");
  const unsure = operations.filter(({ type }) => type === "info");
  const holds = new Set<ModelName>();
  for (let chosen = 0; chosen < 1 << unsure.length; chosen++) {
    const committed = [...certain, ...unsure.filter((_, at) => ((chosen >> at) & 1) === 1)];
    for (const model of modelsWith(committed)) holds.add(model);
  }
  if (!operations.some(duplicates)) holds.add("read-uncommitted");
  return holds;
}

type Step = readonly [f: string, key: string, value: unknown];

interface Transaction {
  readonly steps: readonly Step[];
  readonly type: "ok" | "info" | "fail";
  readonly process: number;
  readonly inv: number;
  readonly ret: number;
}

/** A read that saw what others left, as a list of elements; a register is its last one. */
interface ExternalRead {
  readonly reader: number;
  readonly key: string;
  readonly seen: readonly unknown[];
}

function modelsWith(transactions: readonly Transaction[]): Set<ModelName> {
  const holds = new Set<ModelName>();
  const own = transactions.map(readsOf);
  const isInternal = own.every(({ internal }) => internal);
  if (own.some(({ future }) => future)) return holds;
  const reads = own.flatMap(({ external }, reader) => external.map((read) => ({ reader, ...read })));
  const keys = [...new Set(transactions.flatMap(({ steps }) => steps.map(([, key]) => key)))];
  const writers = keys.map((key) =>
    transactions.map((_, at) => at).filter((at) => leaves(transactions[at]!, key).length > 0),
  );
  const orders: number[][] = [];
  const visit = (at: number): void => {
    if (at < keys.length) {
      for (const order of permutations(writers[at]!)) {
        orders[at] = order;
        if (explains(transactions, reads, keys[at]!, order)) visit(at + 1);
      }
      return;
    }
    for (const model of judge(transactions, reads, keys, orders, isInternal)) holds.add(model);
  };
  visit(0);
  return holds;
}

/** What a transaction's reads say: about others, and whether they fit what the transaction did itself. */
function readsOf({ steps, type }: Transaction): {
  external: { key: string; seen: readonly unknown[] }[];
  internal: boolean;
  future: boolean;
} {
  const external: { key: string; seen: readonly unknown[] }[] = [];
  let internal = true;
  let future = false;
  if (type !== "ok") return { external, internal, future };
  steps.forEach(([f, key, value], at) => {
    if (f !== "r") return;
    const before = steps.slice(0, at).filter(([, other]) => other === key);
    const after = steps.slice(at + 1).filter(([g, other]) => other === key && g !== "r");
    const isList = steps.some(([g, other]) => other === key && g === "append") || Array.isArray(value);
    const seen = isList ? ((value ?? []) as unknown[]) : value === null ? [] : [value];
    if (after.some(([, , later]) => seen.includes(later))) future = true;
    const last = before.at(-1);
    if (!isList) {
      if (last !== undefined && last[2] === value) return;
      if (last !== undefined) internal = false;
      if (!before.some(([g, , mine]) => g !== "r" && mine === value)) external.push({ key, seen });
      return;
    }
    const mine = before.filter(([g]) => g !== "r").map(([, , element]) => element);
    const tail = seen.slice(seen.length - mine.length);
    const endsInOwn = mine.length <= seen.length && JSON.stringify(tail) === JSON.stringify(mine);
    if (!endsInOwn) internal = false;
    const lastRead = before.findLast(([g]) => g === "r");
    if (lastRead !== undefined) {
      const since = before.slice(before.lastIndexOf(lastRead) + 1).map(([, , element]) => element);
      const expected = [...((lastRead[2] ?? []) as unknown[]), ...since];
      if (JSON.stringify(expected) !== JSON.stringify(seen)) internal = false;
    }
    // It ends in a part of its own appends: that contradicts itself, and says nothing of others.
    if (!endsInOwn && mine.includes(seen.at(-1))) return;
    external.push({ key, seen: endsInOwn ? seen.slice(0, seen.length - mine.length) : seen });
  });
  return { external, internal, future };
}

function duplicates({ steps }: Transaction): boolean {
  return steps.some(([f, , value]) => f === "r" && Array.isArray(value) && new Set(value).size < value.length);
}

/** What a transaction leaves of a key: of a list what it appends, of a register the last that it writes. */
function leaves({ steps }: Transaction, key: string): unknown[] {
  const writes = steps.filter(([f, other]) => other === key && f !== "r");
  return writes[0]?.[0] === "append"
    ? writes.map(([, , value]) => value)
    : writes.slice(-1).map(([, , value]) => value);
}

/** What the key holds after each of its versions, the initial one first. */
function states(transactions: readonly Transaction[], key: string, order: readonly number[]): unknown[][] {
  const all: unknown[][] = [[]];
  for (const at of order) {
    const grows = transactions[at]!.steps.some(([f, other]) => other === key && f === "append");
    all.push([...(grows ? all.at(-1)! : []), ...leaves(transactions[at]!, key)]);
  }
  return all;
}

function versionRead(all: readonly unknown[][], seen: readonly unknown[]): number {
  return all.findIndex((state) => JSON.stringify(state) === JSON.stringify(seen));
}

function explains(
  transactions: readonly Transaction[],
  reads: readonly ExternalRead[],
  key: string,
  order: readonly number[],
): boolean {
  const all = states(transactions, key, order);
  return reads.every((read) => read.key !== key || versionRead(all, read.seen) >= 0);
}

type Relation = readonly (readonly boolean[])[];

function judge(
  transactions: readonly Transaction[],
  reads: readonly ExternalRead[],
  keys: readonly string[],
  orders: readonly (readonly number[])[],
  isInternal: boolean,
): ModelName[] {
  const size = transactions.length;
  const pairs = (has: (a: number, b: number) => boolean): Relation =>
    Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => a !== b && has(a, b)));
  const placed = keys.map((key, at) => {
    const all = states(transactions, key, orders[at]!);
    return {
      order: orders[at]!,
      reads: reads
        .filter((read) => read.key === key)
        .map(({ reader, seen }) => ({ reader, version: versionRead(all, seen) })),
    };
  });
  const ww = pairs((a, b) =>
    placed.some(({ order }) => order.includes(a) && order.indexOf(b) === order.indexOf(a) + 1),
  );
  const allWw = pairs((a, b) => placed.some(({ order }) => order.includes(a) && order.indexOf(b) > order.indexOf(a)));
  const wr = pairs((a, b) => {
    return placed.some((key) => key.reads.some(({ reader, version }) => reader === b && key.order[version - 1] === a));
  });
  const rw = pairs((a, b) => {
    return placed.some((key) => key.reads.some(({ reader, version }) => reader === a && key.order[version] === b));
  });
  const allRw = pairs((a, b) => {
    return placed.some((key) =>
      key.reads.some(({ reader, version }) => reader === a && key.order.indexOf(b) >= version),
    );
  });
  const sessions = {
    none: pairs(() => false),
    process: pairs((a, b) => {
      const [first, second] = [transactions[a]!, transactions[b]!];
      return first.process === second.process && first.ret < second.inv;
    }),
    realtime: pairs((a, b) => transactions[a]!.ret < transactions[b]!.inv),
  };
  const updates = transactions.map(({ steps }) => steps.some(([f]) => f !== "r"));
  const at = (so: Relation) => {
    const depends = union(ww, wr, so);
    const sees = union(wr, so);
    const committed = isAcyclic(depends);
    return {
      committed,
      atomic: committed && isIrreflexive(then(sees, allRw)),
      causal: committed && isIrreflexive(then(closure(sees), allRw)),
      consistent: committed && isIrreflexive(then(closure(depends), rw)),
      prefix: isAcyclic(union(sees, then(sees, allRw), allWw)),
      snapshot: isAcyclic(union(depends, then(depends, rw))),
      serial: isAcyclic(union(depends, rw)),
    };
  };
  const [plain, process, realtime] = [at(sessions.none), at(sessions.process), at(sessions.realtime)];
  const everything = union(ww, wr, rw);
  const only = (keep: (node: number) => boolean): Relation =>
    everything.map((row, a) => row.map((has, b) => has && keep(a) && keep(b)));
  const updateSerial =
    isAcyclic(only((node) => updates[node]!)) &&
    updates.every((update, reader) => update || isAcyclic(only((node) => node === reader || updates[node]!)));
  const truths: readonly (readonly [ModelName, boolean])[] = [
    ["read-committed", plain.committed],
    ["consistent-view", plain.consistent],
    ["repeatable-read", plain.serial],
    ["update-serializable", updateSerial && plain.consistent],
    ["strong-session-read-committed", process.committed],
    ["strong-read-committed", realtime.committed],
    ["read-atomic", isInternal && plain.atomic],
    ["causal-cerone", isInternal && plain.causal],
    ["causal", isInternal && process.causal],
    ["parallel-snapshot-isolation", isInternal && plain.consistent],
    ["prefix", isInternal && plain.prefix],
    ["snapshot-isolation", isInternal && plain.snapshot],
    ["serializable", isInternal && plain.serial],
    ["strong-session-snapshot-isolation", isInternal && process.snapshot],
    ["strong-session-serializable", isInternal && process.serial],
    ["strong-snapshot-isolation", isInternal && realtime.snapshot],
    ["strict-serializable", isInternal && realtime.serial],
  ];
  return truths.filter(([, holds]) => holds).map(([model]) => model);
}

/** The models that the oracle knows, but for those that it decides in passing. */
export const oracleModels: readonly ModelName[] = [
  "read-committed",
  "consistent-view",
  "repeatable-read",
  "update-serializable",
  "strong-session-read-committed",
  "strong-read-committed",
  "read-atomic",
  "causal-cerone",
  "causal",
  "parallel-snapshot-isolation",
  "prefix",
  "snapshot-isolation",
  "serializable",
  "strong-session-snapshot-isolation",
  "strong-session-serializable",
  "strong-snapshot-isolation",
  "strict-serializable",
];

function union(...relations: readonly Relation[]): Relation {
  return relations[0]!.map((row, a) => row.map((_, b) => relations.some((relation) => relation[a]![b]!)));
}

function then(first: Relation, second: Relation): Relation {
  return first.map((row) => row.map((_, b) => row.some((has, middle) => has && second[middle]![b]!)));
}

function closure(relation: Relation): Relation {
  const closed = relation.map((row) => [...row]);
  for (let middle = 0; middle < closed.length; middle++) {
    for (const row of closed) {
      if (row[middle]) for (let b = 0; b < row.length; b++) row[b] = row[b]! || closed[middle]![b]!;
    }
  }
  return closed;
}

function isIrreflexive(relation: Relation): boolean {
  return relation.every((row, at) => !row[at]);
}

function isAcyclic(relation: Relation): boolean {
  return isIrreflexive(closure(relation));
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}
