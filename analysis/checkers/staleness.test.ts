import { describe, expect, it } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { judgeRegisters } from "../register/judge.ts";
import { corrupt, eventsOf, simulate } from "../test-support/random-history.ts";
import { textHistory } from "../test-support/text-history.ts";
import { stalenessChecker } from "./staleness.ts";

const check = (text: string) => stalenessChecker.check(textHistory(text));
const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
const writes = `
  1.0 0 invoke write 1
  1.1 0 ok     write 1 @n1
  1.2 0 invoke write 2
  1.3 0 ok     write 2 @n1
  1.4 0 invoke write 3
  1.5 0 ok     write 3 @n1
  `;
const read = (from: number, value: unknown, node: string): string =>
  `${from.toFixed(1)} 1 invoke read\n${(from + 0.1).toFixed(1)} 1 ok read ${JSON.stringify(value)} ${node}\n`;

describe("the staleness of reads", () => {
  it("counts fresh reads as 0, and tells nodes apart", () => {
    const result = check(
      `${writes}${read(2, 3, "@n1")}${read(2.5, 1, "@n2")}${read(3, 3, "@n2")}${read(3.5, 2, "@n2")}`,
    );
    expect(result).toMatchObject({
      verdict: "valid",
      summary: "2 of 4 reads were stale; the stalest was at least 2 versions (2,000 ms) behind",
      overall: { reads: 4, stale: 2, versions: { min: 0, p50: 0, max: 2 }, milliseconds: { max: 2000 } },
      skippedKeys: 0,
    });
    expect(result.byNode).toMatchObject({
      n1: { reads: 1, stale: 0, versions: { max: 0 } },
      n2: { reads: 3, stale: 2, versions: { p50: 1, max: 2 }, milliseconds: { p50: 1200, max: 2000 } },
    });
  });
  it("says so where no read is stale", () => {
    expect(check(`${writes}${read(2, 3, "")}`)).toMatchObject({
      summary: "no stale reads among 1",
      byNode: {},
    });
  });
  it("leaves out values that nobody wrote, and keys that are no registers", () => {
    expect(check(`${writes}${read(2, 9, "@n1")}`)).toMatchObject({ verdict: "unknown", overall: { reads: 0 } });
    expect(check(`${writes}0 invoke add 3\n${read(2, 3, "@n1")}`)).toMatchObject({
      ...{ verdict: "unknown", skippedKeys: 1 },
      cause: { code: "nothing-tested", reached: "no key with reads could be judged" },
    });
    expect(check(writes)).toMatchObject({ verdict: "unknown", cause: { reached: "no read was answered" } });
  });
});

it("counts as many stale reads as the register check", () => {
  let stale = 0;
  for (let i = 0; i < 100_000; i++) {
    const random = randomStream(seed + i, "staleness");
    const shape = { operations: random.integer(3, 8), clients: 3, info: 0.1, cas: 0.2, domain: 0 };
    const operations = simulate(random, shape);
    if (i % 2 === 1) corrupt(random, operations);
    const events = eventsOf(operations);
    const measured = stalenessChecker.check(events);
    const found = judgeRegisters(events, null).result.staleReads;
    const { versions, milliseconds } = measured.overall;
    const worst = { maxVersions: versions?.max ?? 0, maxMilliseconds: milliseconds?.max ?? 0 };
    const same = { count: measured.overall.stale, ...worst };
    if (i % 2 === 0 && same.count > 0)
      throw new Error(`a fresh read was called stale at ${i} of KEELHAUL_SEED=${seed}`);
    stale += same.count;
    if (JSON.stringify(same) === JSON.stringify(found)) continue;
    throw new Error(`${JSON.stringify(same)}, not ${JSON.stringify(found)}, at ${i} of KEELHAUL_SEED=${seed}`);
  }
  expect(stale).toBeGreaterThan(1000);
});
