import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject, SimulatedOperation } from "../objects/test-support/simulate.ts";
import { lockChecker } from "./lock.ts";

const tell = teller(lockChecker);
const acquire = (from: number, process: number, outcome = "ok"): string =>
  `${from.toFixed(1)} ${process} invoke acquire\n${(from + 0.1).toFixed(1)} ${process} ${outcome} acquire\n`;
const release = (from: number, process: number, outcome = "ok"): string =>
  acquire(from, process, outcome).replaceAll("acquire", "release");

describe("locks", () => {
  it("accepts one holder after the other", () => {
    expect(
      tell(`${acquire(1, 0)}${release(2, 0)}${acquire(3, 1)}${acquire(4, 2, "fail")}${release(5, 1)}`),
    ).toMatchInlineSnapshot(`"valid: 2 times a lock was held, never by two at once"`);
    // The release may have taken effect as soon as it was invoked.
    expect(tell(`${acquire(1, 0)}2.0 0 invoke release\n${acquire(2.1, 1)}2.3 0 ok release`)).toMatchInlineSnapshot(
      `"valid: 2 times a lock was held, never by two at once"`,
    );
    expect(tell(`${acquire(1, 0, "info")}${acquire(2, 1)}`)).toMatchInlineSnapshot(
      `"valid: 1 time a lock was held, never by two at once"`,
    );
  });
  it("accepts releases by the process that a client goes on as", () => {
    expect(tell(`${acquire(1, 0, "info")}${release(2, 5)}${acquire(3, 1)}`)).toMatchInlineSnapshot(
      `"valid: 1 time a lock was held, never by two at once"`,
    );
    expect(
      tell(`${acquire(1, 0)}1.5 0 invoke read /y\n1.6 0 info read /y\n${release(2, 5)}${acquire(3, 1)}`),
    ).toMatchInlineSnapshot(`"valid: 2 times a lock was held, never by two at once"`);
  });
  it("tells two holders at once", () => {
    expect(tell(`${acquire(1, 0)}${acquire(2, 1)}${release(3, 0)}`)).toMatchInlineSnapshot(
      `"invalid, 1 held-twice: process 1 held the lock from 2.10 s on, though process 0 had held it since 1.10 s and released it only from 3.00 s on [0 2 4]"`,
    );
    expect(tell(`${acquire(1, 0)}${acquire(2, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 held-twice: process 1 held the lock from 2.10 s on, though process 0 had held it since 1.10 s and never released it [0 2]"`,
    );
    const together = "1.0 0 invoke acquire\n1.0 1 invoke acquire\n1.1 0 ok acquire @n1\n1.2 1 ok acquire @n2\n";
    expect(tell(`${together}${release(2, 1)}${release(3, 0)}`)).toMatchInlineSnapshot(
      `"invalid, 1 held-twice: process 1 held the lock from 1.20 s on, though process 0 had held it since 1.10 s and released it only from 3.00 s on [0 1 6]"`,
    );
    expect(tell(`${acquire(1, 0)}${acquire(2, 1)}${acquire(3, 2)}`)).toMatchInlineSnapshot(
      `"invalid, 2 held-twice: process 1 held the lock from 2.10 s on, though process 0 had held it since 1.10 s and never released it [0 2]"`,
    );
  });
  it("says of a release that did not go through what became of it", () => {
    expect(tell(`${acquire(1, 0)}${acquire(2, 1)}${release(3, 0, "fail")}`)).toMatchInlineSnapshot(
      `"invalid, 1 held-twice: process 1 held the lock from 2.10 s on, though process 0 had held it since 1.10 s and first asked to release it at 3.00 s, which was refused [0 2 4]"`,
    );
    expect(tell(`${acquire(1, 0)}${acquire(2, 1)}${release(3, 0, "info")}`)).toMatchInlineSnapshot(
      `"invalid, 1 held-twice: process 1 held the lock from 2.10 s on, though process 0 had held it since 1.10 s and may have released it only from 3.00 s on [0 2 4]"`,
    );
  });
  it("tells releases of locks that were not held", () => {
    expect(tell(release(1, 0))).toMatchInlineSnapshot(
      `"invalid, 1 foreign-release: process 0 released the lock by 1.10 s, but certainly did not hold it [0]"`,
    );
    expect(tell(`${acquire(1, 0)}${release(2, 1)}`)).toMatchInlineSnapshot(
      `"invalid, 1 foreign-release: process 1 released the lock by 2.10 s, but certainly did not hold it [2]"`,
    );
    expect(tell(`${acquire(1, 0)}${release(2, 0)}${release(3, 0)}`)).toMatchInlineSnapshot(
      `"invalid, 1 foreign-release: process 0 released the lock by 3.10 s, but certainly did not hold it [4]"`,
    );
    expect(tell(`${acquire(1, 5, "info")}${release(2, 0)}`)).toMatchInlineSnapshot(
      `"invalid, 1 foreign-release: process 0 released the lock by 2.10 s, but certainly did not hold it [2]"`,
    );
  });
  it("judges more holds than a call takes arguments", () => {
    const turns = Array.from({ length: 150_000 }, (_, i) => [i, i + 0.25, i + 0.5, i + 0.75]);
    const events = turns.flatMap((times) =>
      times.map((time, step): HistoryEvent => {
        const type = step % 2 === 0 ? "invoke" : "ok";
        return { index: time * 4, time, process: 0, type, f: step < 2 ? "acquire" : "release", key: "x" };
      }),
    );
    expect(lockChecker.check(events)).toMatchObject({ verdict: "valid", holds: 150_000 });
  });
  it("never calls nothing valid", () => {
    expect(tell(acquire(1, 0, "fail"))).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no lock was ever acquired or released"`,
    );
  });
});

/** Clients that release what they hold, some of them not for long. The holder is a process. */
const simulatedLock: SimulatedObject<{ holder: number | null }> = {
  start: () => ({ holder: null }),
  act: (state, _random, process, happens) => {
    if (state.holder === process) {
      if (happens) state.holder = null;
      return { f: "release", asked: null, answer: null };
    }
    const free = state.holder === null;
    if (free && happens) state.holder = process;
    return { f: "acquire", asked: null, answer: free };
  },
  distort: (answer) => answer,
};

const sequentialLock: SequentialObject = {
  initial: "null",
  step: (state, op) => {
    if (op.f === "acquire") return state === "null" ? String(op.process) : null;
    return state === String(op.process) ? "null" : null;
  },
};

/** An acquire that found the lock taken was refused. */
const refused = (operations: SimulatedOperation[]): SimulatedOperation[] =>
  operations.map((op) => (op.answer === false ? { ...op, type: "fail" } : op));

describe("against brute force", () => {
  const comparison = { checker: lockChecker, object: simulatedLock, oracle: sequentialLock, sessions: true };
  it("raises no false alarm", () => {
    const finish = refused;
    const said = compareWithBruteForce({ ...comparison, finish, histories: 60_000, isExact: () => false });
    expect(said["valid"]).toBeGreaterThan(30_000);
  });
  it("finds what is wrong where refusals are taken for successes", () => {
    const isExact = () => false;
    const mayBeWrong = true;
    const said = compareWithBruteForce({ ...comparison, histories: 60_000, isExact, mayBeWrong });
    expect(said["invalid"]).toBeGreaterThan(10_000);
    expect(said["missed"]! / said["invalid"]!).toBeLessThan(0.4);
  });
  it("raises none in long histories", () => {
    const shape = { operations: 300, clients: 5, info: 0.02, fail: 0.05 };
    expect(falseAlarms(lockChecker, simulatedLock, 10, shape, refused)).toEqual([]);
  });
});
