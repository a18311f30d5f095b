import type { Checker } from "../checker.ts";
import { bank } from "../objects/bank-accounts.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { answered, plural, show } from "../objects/phrases.ts";

/** `checkers.bank`. */
export interface BankResult extends ObjectResult {
  readonly reads: number;
  readonly transfers: number;
  /** Reads that do not add up; null where all do. */
  readonly wrongTotals: WrongTotals | null;
}

interface WrongTotals {
  readonly reads: number;
  readonly lowest: number;
  readonly highest: number;
  /** When the first of them began and the last of them ended. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Whether no read that began after the first of them added up again: money was made or lost for good. */
  readonly forGood: boolean;
}

/** What makes a bank: its accounts, and what they hold together. */
interface BankRules {
  /** Null: those that reads show, of which any read may leave out one that is empty. */
  readonly accounts: readonly string[] | null;
  readonly total: number;
  readonly isTotalGuessed: boolean;
  readonly mayOverdraw: boolean;
}

/** What is known of a bank besides its history; what is left out is taken from there. */
export interface BankTerms {
  readonly accounts?: readonly string[];
  readonly total?: number;
  readonly mayOverdraw?: boolean;
}

/**
 * One bank: `transfer` (value: {from, to, amount}) and `read` (ok value: {account: balance}). Every read must list all
 * accounts, which always hold the same together; transfers of unknown outcome change nothing about that. Accounts may
 * be made by an `open`, and none of them need be there before one was acknowledged.
 *
 * The bank of Keelhaul's own workload is known by its accounts. Of another one whose total is not given, most reads
 * say what it is: those that differ cannot all be right.
 */
export function bankWith(terms: BankTerms = {}): Checker<BankResult> {
  return { name: "bank", forms: [objectForm], check: (history) => checkBank(objectOperations(history), terms) };
}

export const bankChecker: Checker<BankResult> = bankWith();

/** A read of the bank, in the order of the reads' beginnings. */
interface BalanceRead {
  readonly op: ObjectOperation;
  readonly balances: Readonly<Record<string, number>>;
  readonly total: number;
}

function checkBank(operations: readonly ObjectOperation[], terms: BankTerms): BankResult {
  const judgement = new Judgement();
  const transfers = operations.filter(({ f }) => f === "transfer");
  const answers = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const reads = answers.flatMap(balanceRead);
  if (reads.length < answers.length) judgement.unknown(noBalances);
  const rules = rulesOf(terms, operations, reads);
  const openedAt = openingOf(operations);
  const afterOpening = reads.filter(({ op, balances }) => op.inv > openedAt || Object.keys(balances).length > 0);
  const tested = transfers.length > 0 ? answers.length - reads.length + afterOpening.length : 0;
  judgement.tested("", transfers.length + answers.length, tested);
  const complete = afterOpening.filter((read) => listsAccounts(judgement, read, rules));
  if (rules.isTotalGuessed && complete.length === 1) judgement.unknown(oneRead);
  const wrong = complete.filter(({ total }) => total !== rules.total);
  const lastRight = complete.findLast(({ total }) => total === rules.total);
  for (const read of wrong) tellTotal(judgement, read, rules, lastRight);
  if (!rules.mayOverdraw) for (const read of reads) judgeNegative(judgement, read);
  const concluded = judgement.conclude({
    valid: `${plural(complete.length, "read")} of all accounts, each adding up to ${rules.total}`,
    untested: "no bank with a transfer was read",
    remedy: "check that clients reach the cluster, and that the workload reads all accounts",
  });
  const wrongTotals = summarize(wrong, lastRight);
  return { ...concluded, reads: answers.length, transfers: transfers.length, wrongTotals };
}

function rulesOf(terms: BankTerms, operations: readonly ObjectOperation[], reads: readonly BalanceRead[]): BankRules {
  const isOwn = terms.accounts === undefined && isOwnBank(operations, reads);
  const isTotalGuessed = terms.total === undefined && !isOwn;
  return {
    accounts: terms.accounts ?? (isOwn ? bank.accounts : null),
    total: terms.total ?? (isOwn ? bank.total : usualTotal(reads)),
    isTotalGuessed,
    mayOverdraw: terms.mayOverdraw ?? bank.mayOverdraw,
  };
}

/** The workload's own bank opens its accounts, or names all of them. */
function isOwnBank(operations: readonly ObjectOperation[], reads: readonly BalanceRead[]): boolean {
  const named = new Set(reads.flatMap(({ op }) => Object.keys(op.answer as object)));
  for (const { f, asked } of operations) {
    if (f !== "transfer" || typeof asked !== "object" || asked === null) continue;
    for (const end of ["from", "to"] as const) if (end in asked) named.add(String((asked as BankEnds)[end]));
  }
  return bank.accounts.every((account) => named.has(account)) || operations.some(({ f }) => f === "open");
}

type BankEnds = { readonly from?: unknown; readonly to?: unknown };

/** What most reads add up to, or the first of those that as many do. */
function usualTotal(reads: readonly BalanceRead[]): number {
  const counts = new Map<number, number>();
  for (const { total } of reads) counts.set(total, (counts.get(total) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0] as [number, number])[0];
}

const oneRead = {
  code: "nothing-tested",
  reached: "a single read does not show the total of all accounts",
  remedy: "give the total by --bank-total, or read the accounts more often",
} as const;

/** When the accounts were certainly there; Infinity: never. */
function openingOf(operations: readonly ObjectOperation[]): number {
  const openings = operations.filter(({ f }) => f === "open");
  if (openings.length === 0) return Number.NEGATIVE_INFINITY;
  return Math.min(...openings.filter(({ outcome }) => outcome === "ok").map(({ ret }) => ret));
}

const noBalances = {
  code: "unsupported-operation",
  reached: "a read of all accounts was answered with something that is no list of balances",
  remedy: "let reads answer an object of whole numbers by account",
} as const;

function balanceRead(op: ObjectOperation): BalanceRead[] {
  const { answer } = op;
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return [];
  const balances = Object.entries(answer).filter(([, balance]) => (balance ?? null) !== null);
  if (!balances.every((entry): entry is [string, number] => Number.isSafeInteger(entry[1]))) return [];
  const total = balances.reduce((sum, [, balance]) => sum + balance, 0);
  return [{ op, balances: Object.fromEntries(balances), total }];
}

function listsAccounts(judgement: Judgement, { op, balances }: BalanceRead, { accounts }: BankRules): boolean {
  if (accounts === null) return true;
  const missing = accounts.filter((account) => !(account in balances));
  const strange = Object.keys(balances).filter((account) => !accounts.includes(account));
  if (missing.length + strange.length === 0) return true;
  const what = [
    ...(missing.length > 0 ? [`without ${missing.join(", ")}`] : []),
    ...(strange.length > 0 ? [`with the unknown ${strange.join(", ")}`] : []),
  ];
  judgement.add({
    ...{ kind: "accounts-differ", key: "", operations: [op] },
    sentence: (seconds) => answered(op, seconds, `balances ${what.join(" and ")}`),
  });
  return false;
}

function tellTotal(judgement: Judgement, read: BalanceRead, rules: BankRules, lastRight?: BalanceRead): void {
  const { op, total } = read;
  const off = total < rules.total ? `${rules.total - total} too little` : `${total - rules.total} too much`;
  const healed = lastRight !== undefined && lastRight.op.inv > op.ret ? lastRight : null;
  judgement.add({
    ...{ kind: healed === null ? "changed-total" : "fractured-total", key: "" },
    operations: healed === null ? [op] : [op, healed.op],
    sentence: (seconds) => {
      const said = `${answered(op, seconds, `balances that add up to ${total}`)}, which is ${off}`;
      if (healed === null) return `${said}; no later read added up to ${rules.total} again`;
      return `${said}; a read that began at ${seconds(healed.op.invokedAtNs)} added up to ${rules.total} again`;
    },
  });
}

function judgeNegative(judgement: Judgement, { op, balances }: BalanceRead): void {
  const overdrawn = Object.entries(balances).find(([, balance]) => balance < 0);
  if (overdrawn === undefined) return;
  const [account, balance] = overdrawn;
  judgement.add({
    ...{ kind: "negative-balance", key: "", operations: [op] },
    sentence: (seconds) =>
      `${answered(op, seconds, `a balance of ${show(balance)} in ${account}`)}, though no transfer may overdraw it`,
  });
}

function summarize(wrong: readonly BalanceRead[], lastRight: BalanceRead | undefined): WrongTotals | null {
  const [first] = wrong;
  if (first === undefined) return null;
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
  const totals = wrong.map(({ total }) => total);
  return {
    reads: wrong.length,
    lowest: -most(totals.map((total) => -total)),
    highest: most(totals),
    fromNs: first.op.invokedAtNs,
    toNs: most(wrong.map(({ op }) => op.completedAtNs)),
    forGood: lastRight === undefined || lastRight.op.inv < first.op.ret,
  };
}
