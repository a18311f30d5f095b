import type { Checker } from "../checker.ts";
import { encode } from "../objects/elements.ts";
import {
  type Fork,
  type ForkHistory,
  forkHistory,
  forksOf,
  type GroupRead,
  type Write,
} from "../objects/fork/forks.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { answered, plural, show } from "../objects/phrases.ts";

/** `checkers["long-fork"]`. */
export interface LongForkResult extends ObjectResult {
  /** Reads of several keys. */
  readonly groupReads: number;
  readonly writtenKeys: number;
}

/**
 * Keys that are written once each, by `write` or a `txn` of "w" steps, and read together by `read-group` (ok value:
 * [[key, value|null], …]) or a `txn` of "r" steps (in Jepsen's own form `write` and `read` of such steps, in groups of
 * any size): whether two reads saw two writes in opposite orders, which snapshot
 * isolation does not allow. A key that was written several times is left out.
 */
export const longForkChecker: Checker<LongForkResult> = {
  name: "long-fork",
  forms: [objectForm],
  check: (history) => checkForks(forkHistory(objectOperations(history))),
};

function checkForks(history: ForkHistory | null): LongForkResult {
  const judgement = new Judgement();
  if (history === null) {
    judgement.tested("", 0, 1);
    judgement.unknown(mixedTransactions);
  } else judge(judgement, history);
  const groupReads = history?.reads.filter(({ values }) => values.length > 1).length ?? 0;
  const writtenKeys = history?.writes.size ?? 0;
  const concluded = judgement.conclude({
    valid: `${plural(groupReads, "read")} of ${plural(writtenKeys, "key")} saw the writes in one order`,
    untested: "no read of several written keys was answered",
    remedy: "check that clients reach the cluster, and that the workload reads keys together",
  });
  return { ...concluded, groupReads, writtenKeys };
}

const mixedTransactions = {
  code: "unsupported-operation",
  reached: "a transaction neither only reads nor only writes",
  remedy: "judge such a history by its transactions",
} as const;

function judge(judgement: Judgement, history: ForkHistory): void {
  const { reads, writes } = history;
  const groups = reads.filter(({ values }) => values.filter(([key]) => writes.has(key)).length > 1);
  judgement.tested("", reads.length + writes.size, groups.length);
  for (const fork of forksOf(history)) tellFork(judgement, fork, writes);
  const told = new Set<string>();
  for (const read of reads) {
    for (const [key, value] of read.values) {
      if (value === null || told.has(key) || writes.get(key)?.some((write) => same(write, value))) continue;
      told.add(key);
      tellStray(judgement, read, key, value, history.failed.get(key)?.find((write) => same(write, value))?.op ?? null);
    }
  }
  const repeated = [...writes].find(([, all]) => all.length > 1);
  if (repeated !== undefined) {
    const reached = `key ${show(repeated[0])} was written several times`;
    judgement.unknown({ code: "values-repeat", reached, remedy: "write every key only once" });
  }
}

function same(write: Write, value: unknown): boolean {
  return encode(write.value) === encode(value);
}

function tellFork(judgement: Judgement, { one, other, x, y }: Fork, writes: ForkHistory["writes"]): void {
  const writers = [x, y].flatMap((key) => writes.get(key)?.map(({ op }) => op) ?? []);
  judgement.add({
    ...{ kind: "long-fork", key: "", operations: [one.op, other.op, ...writers] },
    sentence: (seconds) =>
      `${answered(one.op, seconds, `that ${x} was written and ${y} was not`)}, yet ` +
      answered(other.op, seconds, `that ${y} was written and ${x} was not`),
  });
}

function tellStray(
  judgement: Judgement,
  read: GroupRead,
  key: string,
  value: unknown,
  failed: ObjectOperation | null,
): void {
  judgement.add({
    ...{ kind: failed === null ? "phantom-element" : "aborted-element", key },
    operations: failed === null ? [read.op] : [read.op, failed],
    sentence: (seconds) => {
      const said = answered(read.op, seconds, `${show(value)} for ${key}`);
      return failed === null
        ? `${said}, but nobody wrote it`
        : `${said}, but process ${failed.process}'s write of it had certainly failed`;
    },
  });
}
