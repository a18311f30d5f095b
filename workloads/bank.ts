import { bank as accounts } from "../analysis/objects/bank-accounts.ts";
import type { Operation } from "../history/event.ts";
import type { MicroOp } from "../sut/system.ts";
import { type Attempt, givenUp, outcomeOf, refused, untilUndisturbed } from "./attempts.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

const largestAmount = 5;
const readShare = 40;
const readAll: Operation = { f: "read", value: null };

/**
 * Money moved between accounts: a transfer reads two balances, and changes both if they are still what they were.
 * Whatever happens, all accounts together hold what they began with.
 */
export const bank: Workload = {
  name: "bank",
  description: "transfers between accounts: every read of all accounts adds up",
  operations: ["txn"],
  checkers: ["bank", "statistics", "availability"],
  setup: () => [
    { f: "open", value: Object.fromEntries(accounts.accounts.map((account) => [account, accounts.initialBalance])) },
  ],
  generator: bankGenerator,
  perform: async (client, { f, value }, timeoutMs, clock) => {
    if (f === "open") {
      const steps = Object.entries(value as Record<string, number>).map(
        ([account, sum]): MicroOp => ["w", account, sum],
      );
      const opened = await client.invoke({ f: "txn", value: steps }, timeoutMs);
      return { ...opened, value };
    }
    return untilUndisturbed(client, timeoutMs, clock, (attempt) =>
      f === "read" ? readBalances(attempt) : transfer(attempt, value as Transfer),
    );
  },
  finalReads: () => [readAll],
};

function bankGenerator({ random, concurrency }: LoadContext): Generator {
  return fromFunction({
    next: (process) => {
      if (onlyReads(process, concurrency) || random.integer(0, 99) < readShare) return readAll;
      const [from, to] = random.shuffle(accounts.accounts) as [string, string];
      return { f: "transfer", value: { from, to, amount: random.integer(1, largestAmount) } satisfies Transfer };
    },
  });
}

async function readBalances(attempt: Attempt) {
  const read = await attempt.call(readOf(accounts.accounts));
  return read.type === "ok" ? { ...read, value: balancesIn(read.value) } : { ...read, value: null };
}

async function transfer(attempt: Attempt, { from, to, amount }: Transfer) {
  const read = await attempt.call(readOf([from, to]));
  if (read.type !== "ok") return givenUp(read);
  const balances = balancesIn(read.value);
  const [there, here] = [balances[from] ?? 0, balances[to] ?? 0];
  if (there < amount) return refused("insufficient-funds", read.node);
  const steps: MicroOp[] = [
    ["cas", from, [there, there - amount]],
    ["cas", to, [here, here + amount]],
  ];
  return outcomeOf(await attempt.call({ f: "txn", value: steps }), undefined);
}

function readOf(names: readonly string[]): Operation {
  return { f: "txn", value: names.map((name): MicroOp => ["r", name, null]) };
}

function balancesIn(answer: unknown): Record<string, number> {
  return Object.fromEntries((answer as readonly MicroOp[]).map(([, name, balance]) => [name, balance as number]));
}
