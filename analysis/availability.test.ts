import { describe, expect, it } from "vitest";
import type { NodeRecord } from "../history/annotations.ts";
import type { HistoryEvent } from "../history/event.ts";
import { availabilityChecker } from "./availability.ts";
import { fault, runHistory } from "./test-support/run-history.ts";

const observed = (atSeconds: number, value: NodeRecord): HistoryEvent => {
  return { index: 0, time: atSeconds * 1e9, process: "observer", type: "info", f: "node", value };
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
      summary: "50.0 % of 2 operations answered during faults, 100.0 % of 3 outside of them",
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
