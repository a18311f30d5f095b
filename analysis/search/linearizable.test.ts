import { describe, expect, it } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { casRegisterChecker } from "../checkers/cas-register.ts";
import { registerChecker } from "../checkers/register.ts";
import { illegal } from "../models/model.ts";
import { models } from "../models/registry.ts";
import { judgeRegisters } from "../register/judge.ts";
import { corrupt, eventsOf as registerEvents, simulate } from "../test-support/random-history.ts";
import { textHistory } from "../test-support/text-history.ts";
import { linearizable } from "./linearizable.ts";
import { plays } from "./test-support/plays.ts";
import { eventsOf, playHistory } from "./test-support/random-object.ts";

const check = linearizable(models["cas-register"].create()).check;
const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

describe("counterexamples", () => {
  const stale = `
    0 invoke write 1
    0 ok     write 1
    0 invoke write 2
    0 ok     write 2
    0 invoke write 1
    0 ok     write 1
    1 invoke read
    1 ok     read 2 @n2`;

  it("names the read that cannot be placed, and where orders end", () => {
    const result = check(textHistory(stale));
    expect(result.verdict).toBe("invalid");
    const [violation] = result.violations;
    expect(violation?.sentence).toBe(
      "process 1 read 2 at n2 by 0.08 s, but no order allows that: orders that explain all before it lead to where the register holds 1",
    );
    expect(violation?.prefix).toMatchObject({ completed: 3, next: { index: 6 } });
    expect(violation?.prefix?.ends[0]?.waiting).toEqual([{ operation: 6, why: "needs 2, the register holds 1" }]);
  });

  it("leaves out what does not matter", () => {
    const result = check(textHistory(`9 invoke write 7\n9 ok write 7\n9 invoke read\n9 ok read 7\n${stale}`));
    expect(result.violations[0]?.operations.map(({ index }) => index)).not.toContain(2);
  });

  it("accepts the same history once the overwriting write is unanswered", () => {
    expect(check(textHistory(stale.replace(/0 ok {5}write 1\n {4}1 /, "0 info   write 1\n    1 "))).verdict).toBe(
      "valid",
    );
  });

  it("finds a value that nobody wrote, and a compare refused against the register", () => {
    expect(check(textHistory("0 invoke read\n0 ok read 3")).violations[0]?.sentence).toContain("nobody wrote 3");
    const refused = "0 invoke write 1\n0 ok write 1\n1 invoke cas 1>2\n1 fail cas 1>2 !cas-mismatch";
    expect(check(textHistory(refused)).violations[0]?.sentence).toContain("was refused to change 1 to 2");
  });
});

describe("unknown", () => {
  it("says that nothing was tested", () => {
    expect(check(textHistory("0 invoke write 1\n0 ok write 1")).cause?.code).toBe("nothing-tested");
  });

  it("stops at its budget, and says how far it came", () => {
    const tight = linearizable(models["cas-register"].create(), { budget: { nodes: 1 } });
    const result = tight.check(
      textHistory("0 invoke write 1\n0 ok write 1\n0 invoke write 2\n0 ok write 2\n0 invoke read\n0 ok read 2"),
    );
    expect(result).toMatchObject({ verdict: "unknown", cause: { code: "node-budget" } });
    expect(result.cause?.reached).toContain("of 3 operations that ended");
  });

  it("takes no operation that the model does not know", () => {
    expect(check(textHistory("0 invoke pop 1\n0 ok pop 1")).cause?.code).toBe("unsupported-operation");
  });
});

it("judges by a model of one's own", () => {
  const light = {
    name: "light",
    init: false,
    step: (on: unknown, { f, value }: { f: string; value: unknown }) =>
      f === "toggle" ? !on : on === value ? on : illegal,
    isPure: ({ f }: { f: string }) => f === "look",
  };
  const { check: look } = linearizable(light);
  expect(look(textHistory("0 invoke toggle\n0 ok toggle\n0 invoke look\n0 ok look true")).verdict).toBe("valid");
  expect(look(textHistory("0 invoke toggle\n0 ok toggle\n0 invoke look\n0 ok look false")).verdict).toBe("invalid");
});

it("agrees with the exact check on values that are written once", () => {
  for (let i = 0; i < 20_000; i++) {
    const random = randomStream(seed + i, "search against exact");
    const operations = simulate(random, { operations: 8, clients: 4, info: 0.2, cas: 0.4, domain: 0 });
    if (i % 2 === 0) corrupt(random, operations);
    const events = registerEvents(operations);
    const exact = judgeRegisters(events, null).result;
    if (exact.verdict === "unknown") continue;
    expect([i, check(events).verdict]).toEqual([i, exact.verdict]);
  }
});

it("decides keys that the exact check leaves open", () => {
  for (let i = 0; i < 5000; i++) {
    const random = randomStream(seed + i, "combined");
    const operations = simulate(random, { operations: 8, clients: 4, info: 0.2, cas: 0.3, domain: 2 });
    if (i % 2 === 0) corrupt(random, operations);
    const events = registerEvents(operations);
    expect([i, casRegisterChecker.check(events).verdict]).toEqual([i, check(events).verdict]);
  }
});

it("decides registers whose refused compare-and-sets the exact check leaves open", () => {
  let open = 0;
  for (let i = 0; i < 20_000; i++) {
    const random = randomStream(seed + i, "refused");
    const operations = simulate(random, { operations: 9, clients: 4, info: 0.1, cas: 0.6, domain: 0 });
    if (i % 2 === 0) corrupt(random, operations);
    const events = registerEvents(operations);
    if (judgeRegisters(events, null).result.cause?.code !== "refused-cas") continue;
    open++;
    expect([i, registerChecker.check(events).verdict]).toEqual([i, check(events).verdict]);
  }
  expect(open).toBeGreaterThan(0);
});

it("leaves registers open whose values repeat, where each was to be written once", () => {
  const repeated = textHistory(`
    0 invoke write 1
    1 invoke write 1
    2 invoke read
    2 ok     read 1
    0 ok     write 1
    1 ok     write 1`);
  expect(casRegisterChecker.check(repeated)).toMatchObject({ verdict: "valid", searched: 1 });
  const unique = registerChecker.check(repeated);
  expect(unique).toMatchObject({ verdict: "unknown", searched: 0, cause: { code: "values-repeat" } });
});

it("accepts a linearizable history whatever is weakened in it", () => {
  const play = plays.find(({ model }) => model === "cas-register")!;
  for (let i = 0; i < 2000; i++) {
    const random = randomStream(seed + i, "metamorphic");
    const operations = playHistory(play, random, { operations: 40, clients: 5, info: 0.1, domain: 3 });
    for (const one of operations) {
      const kind = random.integer(0, 3);
      if (kind === 0) one.inv = Math.max(0, one.inv - 500);
      else if (kind === 1) one.ret += 500;
      else if (kind === 2 && one.f === "write") one.answer = undefined;
    }
    const weaker = operations.filter(({ f }) => f !== "read" || random.integer(0, 2) > 0);
    expect([i, check(eventsOf(weaker)).verdict === "invalid"]).toEqual([i, false]);
  }
});
