import { describe, expect, it } from "vitest";
import { type FaultRecord, forGood, type NodeRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { fault, runHistory, stall, steadyHistory } from "../test-support/run-history.ts";
import { availabilityChecker, availabilityWith } from "./availability.ts";

const observed = (atSeconds: number, value: NodeRecord): HistoryEvent => {
  return { index: 0, time: atSeconds * 1e9, process: "observer", type: "info", f: "node", value };
};

const change = (id: number, atSeconds: number, effective: boolean): HistoryEvent => {
  const value: FaultRecord = {
    ...{ id, action: "change", startedNs: atSeconds * 1e9, variant: "any", nodes: ["n1"], evidence: [], effective },
  };
  return { index: 0, time: atSeconds * 1e9, process: "nemesis", type: "info", f: "transfer", value };
};

describe("availability", () => {
  it("counts by the window in which an operation was invoked, and times the recovery", () => {
    const clients = `
      1.0 0 invoke write 1
      1.1 0 ok     write 1
      2.1 0 invoke write 2
      2.2 1 invoke cas 1>3
      2.3 1 fail   cas 1>3 !cas-mismatch    # the register was read for it
      2.9 0 info   write 2 !timeout
      3.5 2 invoke read
      3.6 2 ok     read 2
      3.7 2 invoke write 4
      3.9 2 ok     write 4`;
    const result = availabilityChecker.check(runHistory(clients, [fault(1, 2, "inject"), fault(1, 3, "heal")]));
    expect(result).toMatchObject({
      verdict: "valid",
      summary: "50 % of 2 operations answered during faults, 100 % of 3 outside faults",
      duringFaults: { answered: 1, total: 2 },
      outsideFaults: { answered: 3, total: 3 },
    });
    expect(result.windows).toEqual([
      {
        ...{ id: 1, fault: "pause", variant: "leader", nodes: ["n1"], effective: true },
        ...{ fromNs: 1.999e9, toNs: 3e9, answered: 1, total: 2, recoveryMs: 901 },
      },
    ]);
  });

  it("gives no recovery when the next fault came first, and lets an unhealed fault last to the end", () => {
    const clients = `
      1.5 0 invoke read
      1.6 0 ok     read null
      4.5 0 invoke write 1
      4.6 0 ok     write 1`;
    const faults = [fault(1, 1, "inject"), fault(1, 2, "heal"), fault(2, 4, "inject")];
    const { windows } = availabilityChecker.check(runHistory(clients, faults));
    expect(windows.map(({ toNs, recoveryMs, total }) => [toNs, recoveryMs, total])).toEqual([
      [2e9, null, 1],
      [4.6e9, null, 1],
    ]);
  });

  it("counts elections by term", () => {
    const clients = "0.5 0 invoke read\n0.6 0 ok read null";
    const seen = [
      observed(1, { node: "n1", role: "leader", term: 1 }),
      observed(2, { node: "n1", role: "unreachable" }),
      observed(3, { node: "n1", role: "leader", term: 1 }),
      observed(4, { node: "n2", role: "leader", term: 3 }),
    ];
    expect(availabilityChecker.check(runHistory(clients, seen)).elections).toBe(2);
  });

  it("never calls nothing valid", () => {
    expect(availabilityChecker.check([])).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
  });
});

describe("a healing that took two attempts", () => {
  it("ends with the last of them, and recovery counts from its beginning", () => {
    const clients = `
      3.2 0 invoke write 1
      3.3 0 ok     write 1
      4.5 1 invoke write 2
      4.6 1 ok     write 2`;
    const faults = [fault(1, 2, "inject"), fault(1, 3, "heal"), fault(1, 4, "heal")];
    const [window] = availabilityChecker.check(runHistory(clients, faults)).windows;
    expect(window).toMatchObject({ fromNs: 1.999e9, toNs: 4e9, recoveryMs: 601 });
  });
});

describe("recovery of other objects than registers", () => {
  it("is not seen by what the workload calls a read", () => {
    const clients = `
      3.1 0 invoke poll
      3.2 0 ok     poll
      3.5 0 invoke send 1
      3.9 0 ok     send 1`;
    const history = runHistory(clients, [fault(1, 2, "inject"), fault(1, 3, "heal")]);
    const recoveredAfterMs = (reads?: readonly string[]) =>
      availabilityWith({}, reads).check(history).windows[0]?.recoveryMs;
    expect(recoveredAfterMs(["poll"])).toBe(901);
    expect(recoveredAfterMs()).toBe(201);
  });

  it("is not seen by a transaction that only reads", () => {
    const transaction = (atSeconds: number, type: "invoke" | "ok", value: unknown): HistoryEvent => {
      return { index: 0, time: atSeconds * 1e9, process: 0, type, f: "txn", value };
    };
    const clients = [
      transaction(3.1, "invoke", [["r", "x", null]]),
      transaction(3.2, "ok", [["r", "x", 1]]),
      transaction(3.5, "invoke", [
        ["r", "x", null],
        ["w", "x", 2],
      ]),
      transaction(3.9, "ok", [
        ["r", "x", 1],
        ["w", "x", 2],
      ]),
    ];
    const events = [fault(1, 2, "inject"), fault(1, 3, "heal"), ...clients];
    const history = events.map((event, index) => ({ ...event, index }));
    expect(availabilityChecker.check(history).windows[0]?.recoveryMs).toBe(901);
  });

  it("is seen by any operation but a read", () => {
    const clients = `
      2.1 0 invoke read
      2.2 0 ok     read null
      2.3 0 invoke enqueue 1
      2.5 0 ok     enqueue 1`;
    const faults = [fault(1, 1, "inject"), fault(1, 2, "heal")];
    expect(availabilityChecker.check(runHistory(clients, faults)).windows[0]?.recoveryMs).toBe(501);
  });
});

describe("budgets of availability", () => {
  const faults = [fault(1, 2, "inject"), fault(1, 3, "heal")];
  const clients = `
    1.0 0 invoke write 1
    1.1 0 ok     write 1
    1.2 0 invoke write 2
    1.3 0 fail   write 2 !not-leader
    2.1 0 invoke write 3
    2.2 0 fail   write 3 !not-leader
    3.2 0 invoke write 4
    3.4 0 ok     write 4`;
  const judged = (budgets: Parameters<typeof availabilityWith>[0], text = clients) => {
    const { verdict, summary } = availabilityWith(budgets).check(runHistory(text, faults));
    return `${verdict}: ${summary}`;
  };

  describe("near a stall of the controller", () => {
    /** One operation a second, each answered but the one at 10 s. */
    const unanswered = steadyHistory(40).replace("10.1 0 ok     write 10", "10.1 0 fail write 10 !not-leader");
    const check = (budgets: Parameters<typeof availabilityWith>[0], stalls: readonly HistoryEvent[], others = faults) =>
      availabilityWith(budgets).check(runHistory(unanswered, [...others, ...stalls]));

    it("are not broken by what its clients missed", () => {
      expect(check({ minAnsweredShare: 1 }, []).verdict).toBe("invalid");
      const { verdict, excluded, summary } = check({ minAnsweredShare: 1 }, [stall(10.05, 900)]);
      expect({ verdict, excluded }).toEqual({ verdict: "valid", excluded: 6 });
      expect(summary).toContain(", 6 near stalls of the controller not counted");
    });

    it("are broken by what happens elsewhere", () => {
      expect(check({ minAnsweredShare: 1 }, [stall(30, 900)]).verdict).toBe("invalid");
    });

    it("accuse nobody where it stood still for much of the run", () => {
      expect(check({ minAnsweredShare: 1 }, [stall(30, 5000)])).toMatchObject({
        verdict: "unknown",
        cause: { code: "controller-starved" },
        summary: expect.stringContaining("operations outside faults were answered"),
      });
    });

    it("do not count a recovery or an election that it may have cost", () => {
      const slow = [fault(1, 2, "inject"), fault(1, 3.2, "heal")];
      const quick = [fault(2, 20, "inject"), fault(2, 20.9, "heal")];
      expect(check({ maxRecoveryMs: 500 }, [], slow).verdict).toBe("invalid");
      const near = check({ maxRecoveryMs: 500 }, [stall(4, 900)], [...slow, ...quick]);
      expect(near).toMatchObject({
        verdict: "valid",
        windows: [{ stalled: true, recoveryMs: null }, { recoveryMs: 201 }],
      });
      expect(check({ maxRecoveryMs: 500 }, [stall(4, 900)], slow).summary).toMatch(
        /^the controller stalled in every recovery/,
      );
      const leads = [1, 2, 3].map((term) => observed(term, { node: "n1", role: "leader", term }));
      expect(check({ maxElectionsPerFault: 1 }, [stall(30, 900), ...leads]).summary).toMatch(
        /^stalls of the controller may have cost elections/,
      );
    });
  });

  it("are kept, or are told with what was measured", () => {
    expect(judged({ minAnsweredShare: 0.6, maxRecoveryMs: 401 })).toBe(
      "valid: 0 % of 1 operations answered during faults, 66.7 % of 3 outside faults",
    );
    expect(judged({ minAnsweredShare: 0.9 })).toBe(
      "invalid: only 2 of 3 operations outside faults were answered (66.7 %), and 90 % are required " +
        "(0 % of 1 operations answered during faults, 66.7 % of 3 outside faults)",
    );
    expect(judged({ maxRecoveryMs: 400 })).toContain(
      "invalid: after pause 1 recovery took 401 ms, and 400 ms are allowed",
    );
    expect(judged({ minAnsweredShare: 0.7, maxRecoveryMs: 10 })).toContain("; after pause 1");
  });

  it("ask no recovery from what is broken for good", () => {
    const until = "3.1 0 invoke read\n3.2 0 ok read null";
    expect(judged({ maxRecoveryMs: 300 }, until)).toContain("unknown: the recovery after pause 1 was not seen");
    const records = faults.map((event) => ({ ...event, value: { ...(event.value as object), variant: forGood } }));
    for (const text of [until, clients]) {
      expect(availabilityWith({ maxRecoveryMs: 300 }).check(runHistory(text, records)).verdict).toBe("valid");
    }
  });

  it("count the changes outside faults that were made", () => {
    const changes = [change(2, 1, true), change(3, 2.5, false), change(4, 3.1, false), change(5, 3.2, true)];
    const of = (minChangesMadeShare: number, told: HistoryEvent[]) =>
      availabilityWith({ minChangesMadeShare }).check(runHistory(clients, [...faults, ...told])).summary;
    expect(of(0.7, changes)).toContain("only 2 of 3 changes outside faults were made (66.7 %), and 70 % are required");
    expect(of(0.6, changes)).toContain("% of 1 operations answered");
    expect(of(0.6, changes.slice(1, 2))).toContain("no change was asked for outside faults");
  });

  it("count the elections that faults cost, without the first", () => {
    const leads = [1, 2, 3].map((term) => observed(term, { node: "n1", role: "leader", term }));
    const of = (maxElectionsPerFault: number) =>
      availabilityWith({ maxElectionsPerFault }).check(runHistory(clients, [...faults, ...leads])).summary;
    expect(of(1)).toContain("3 leaders were elected over 1 faults, and 1 a fault are allowed");
    expect(of(2)).toContain("% of 1 operations answered");
  });

  it("are broken by operations that went on in vain, and by nothing less", () => {
    const inVain = clients.replace("3.4 0 ok     write 4", "3.4 0 info   write 4");
    expect(judged({ maxRecoveryMs: 150 }, inVain)).toContain(
      "invalid: after pause 1 nothing went through for 200 ms, and 150 ms are allowed",
    );
    expect(judged({ maxRecoveryMs: 300 }, inVain)).toBe(
      "unknown: the recovery after pause 1 was not seen: let load go on outside faults, and after the last",
    );
    expect(judged({ minAnsweredShare: 0.5 }, "2.1 0 invoke read\n2.2 0 ok read null")).toBe(
      "unknown: no operation was invoked outside faults: let load go on outside faults, and after the last",
    );
  });
});
