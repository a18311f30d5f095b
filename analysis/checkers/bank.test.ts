import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { bank } from "../objects/bank-accounts.ts";
import { teller } from "../objects/test-support/found.ts";
import { eventsOf, type SimulatedObject, simulate } from "../objects/test-support/simulate.ts";
import { textHistory } from "../test-support/text-history.ts";
import { bankChecker } from "./bank.ts";

const tell = teller(bankChecker);
const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

/** All accounts as they were begun, but for these. */
const balances = (changed: Record<string, number | null> = {}): string =>
  JSON.stringify({ ...Object.fromEntries(bank.accounts.map((account) => [account, bank.initialBalance])), ...changed });
const transfer =
  '1.0 0 invoke transfer {"from":"a0","to":"a1","amount":3}\n1.1 0 ok transfer {"from":"a0","to":"a1","amount":3}\n';
const read = (from: number, answer: string, node = ""): string =>
  `${from.toFixed(1)} 1 invoke read\n${(from + 0.1).toFixed(1)} 1 ok read ${answer} ${node}\n`;

describe("banks", () => {
  it("knows a bank whose accounts add up", () => {
    expect(bank.accounts.length * bank.initialBalance).toBe(bank.total);
    expect(tell(`${transfer}${read(2, balances({ a0: 7, a1: 13 }))}`)).toMatchInlineSnapshot(
      `"valid: 1 read of all accounts, each adding up to 80"`,
    );
    expect(tell(`${read(0.5, balances())}${transfer.replace(" ok ", " info ")}`)).toMatchInlineSnapshot(
      `"valid: 1 read of all accounts, each adding up to 80"`,
    );
  });
  it("lets accounts be absent until they were certainly opened", () => {
    const absent = JSON.stringify(Object.fromEntries(bank.accounts.map((account) => [account, null])));
    const open = "0.1 9 invoke open {}\n0.2 9 info open {}\n";
    expect(tell(`${open}${transfer}${read(2, absent)}${read(3, balances())}`)).toMatchInlineSnapshot(
      `"valid: 1 read of all accounts, each adding up to 80"`,
    );
    expect(tell(`${open}${transfer}${read(2, absent)}`)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no bank with a transfer was read"`,
    );
    expect(tell(`${open.replace(" info ", " ok ")}${transfer}${read(2, absent)}`)).toMatchInlineSnapshot(
      `"invalid, 1 accounts-differ: process 1 read balances without a0, a1, a2, a3, a4, a5, a6, a7 at 2.10 s [4]"`,
    );
  });
  it("tells reads that did not add up for once", () => {
    const right = read(4, balances({ a0: 7, a1: 13 }));
    expect(tell(`${transfer}${read(2, balances({ a0: 7 }), "@n2")}${right}`)).toMatchInlineSnapshot(
      `"invalid, 1 fractured-total: n2 answered balances that add up to 77 to process 1 at 2.10 s, which is 3 too little; a read that began at 4.00 s added up to 80 again [2 4]"`,
    );
    expect(tell(`${transfer}${read(2, balances({ a1: 13 }))}${right}`)).toMatchInlineSnapshot(
      `"invalid, 1 fractured-total: process 1 read balances that add up to 83 at 2.10 s, which is 3 too much; a read that began at 4.00 s added up to 80 again [2 4]"`,
    );
    expect(
      tell(`${transfer}${read(2, balances({ a1: 13 }))}${read(3, balances({ a1: 9 }))}${right}`),
    ).toMatchInlineSnapshot(
      `"invalid, 2 fractured-total: process 1 read balances that add up to 83 at 2.10 s, which is 3 too much; a read that began at 4.00 s added up to 80 again [2 6]"`,
    );
  });
  it("tells totals that changed for good", () => {
    expect(tell(`${transfer}${read(2, balances({ a0: 7 }), "@n2")}`)).toMatchInlineSnapshot(
      `"invalid, 1 changed-total: n2 answered balances that add up to 77 to process 1 at 2.10 s, which is 3 too little; no later read added up to 80 again [2]"`,
    );
    expect(tell(`${read(0.5, balances())}${transfer}${read(2, balances({ a1: 13 }))}`)).toMatchInlineSnapshot(
      `"invalid, 1 changed-total: process 1 read balances that add up to 83 at 2.10 s, which is 3 too much; no later read added up to 80 again [4]"`,
    );
    const text = `${read(0.5, balances())}${transfer}${read(2, balances({ a0: 7 }))}${read(3, balances({ a0: 4 }))}`;
    expect(tell(text)).toMatchInlineSnapshot(
      `"invalid, 2 changed-total: process 1 read balances that add up to 77 at 2.10 s, which is 3 too little; no later read added up to 80 again [4]"`,
    );
    expect(bankChecker.check(textHistory(text)).wrongTotals).toEqual({
      ...{ reads: 2, lowest: 74, highest: 77, fromNs: 2e9, toNs: 3.1e9, forGood: true },
    });
  });
  it("tells reads that list other accounts", () => {
    expect(tell(`${transfer}${read(2, balances({ a3: null }), "@n1")}`)).toMatchInlineSnapshot(
      `"invalid, 1 accounts-differ: n1 answered balances without a3 to process 1 at 2.10 s [2]"`,
    );
    expect(tell(`${transfer}${read(2, balances({ b: 1 }))}`)).toMatchInlineSnapshot(
      `"invalid, 1 accounts-differ: process 1 read balances with the unknown b at 2.10 s [2]"`,
    );
    expect(tell(`${transfer}${read(2, balances({ a0: null, a1: null, c: 20 }))}`)).toMatchInlineSnapshot(
      `"invalid, 1 accounts-differ: process 1 read balances without a0, a1 and with the unknown c at 2.10 s [2]"`,
    );
  });
  it("tells accounts below zero", () => {
    expect(tell(`${transfer}${read(2, balances({ a0: -1, a1: 21 }), "@n1")}`)).toMatchInlineSnapshot(
      `"invalid, 1 negative-balance: n1 answered a balance of -1 in a0 to process 1 at 2.10 s, though no transfer may overdraw it [2]"`,
    );
    expect(tell(`${transfer}${read(2, balances({ a5: -10, a6: 30 }))}`)).toMatchInlineSnapshot(
      `"invalid, 1 negative-balance: process 1 read a balance of -10 in a5 at 2.10 s, though no transfer may overdraw it [2]"`,
    );
    expect(tell(`${transfer}${read(2, balances({ a7: -5 }))}`)).toMatchInlineSnapshot(
      `"invalid, 1 changed-total, 1 negative-balance: process 1 read balances that add up to 65 at 2.10 s, which is 15 too little; no later read added up to 80 again [2]"`,
    );
  });
  it("says unknown where nothing can be said", () => {
    expect(tell(transfer)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no bank with a transfer was read"`,
    );
    expect(tell(read(1, balances()))).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no bank with a transfer was read"`,
    );
    expect(tell(`${transfer}${read(2, "[1,2]")}`)).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): a read of all accounts was answered with something that is no list of balances: let reads answer an object of whole numbers by account"`,
    );
  });
});

const simulatedBank: SimulatedObject<{ held: Record<string, number> }> = {
  start: () => ({ held: JSON.parse(balances()) as Record<string, number> }),
  act: ({ held }, random, _process, happens) => {
    if (random.fraction() < 0.5) return { f: "read", asked: null, answer: { ...held } };
    const [from, to] = random.shuffle(bank.accounts) as [string, string];
    const amount = random.integer(0, held[from]!);
    if (happens) {
      held[from]! -= amount;
      held[to]! += amount;
    }
    return { f: "transfer", asked: { from, to, amount }, answer: { from, to, amount } };
  },
  distort: (answer, random) => {
    const account = random.pick(bank.accounts);
    const other = random.pick(bank.accounts);
    const held = { ...(answer as Record<string, number>) };
    const amount = random.integer(1, 12);
    held[account] = (held[account] ?? 0) - amount;
    if (random.fraction() < 0.5) held[other] = (held[other] ?? 0) + amount;
    return held;
  },
};

/** Every read is judged by itself, so the rules are the oracle. */
function isRight(events: readonly HistoryEvent[]): boolean {
  const reads = events.filter(({ f, type }) => f === "read" && type === "ok");
  return reads.every(({ value }) => {
    const held = bank.accounts.map((account) => (value as Record<string, number>)[account] ?? Number.NaN);
    return held.reduce((sum, one) => sum + one, 0) === bank.total && held.every((one) => one >= 0);
  });
}

function randomBank(random: RandomStream): HistoryEvent[] {
  const operations = simulate(random, simulatedBank, {
    operations: random.integer(2, 6),
    clients: 3,
    info: 0.2,
    fail: 0.1,
  });
  for (const operation of operations) {
    if (operation.f === "read" && random.fraction() < 0.1)
      operation.answer = simulatedBank.distort(operation.answer, random);
  }
  return eventsOf(operations);
}

it("is invalid just where a read does not add up", () => {
  const said: Record<string, number> = {};
  for (let i = 0; i < 100_000; i++) {
    const events = randomBank(randomStream(seed + i, "bank"));
    const { verdict } = bankChecker.check(events);
    said[verdict] = (said[verdict] ?? 0) + 1;
    if ((verdict === "invalid") === isRight(events)) throw new Error(`${verdict} at ${i} of KEELHAUL_SEED=${seed}`);
  }
  expect(said["valid"]).toBeGreaterThan(40_000);
  expect(said["invalid"]).toBeGreaterThan(6000);
});
