import { describe, expect, it } from "vitest";
import { Lease } from "./lease.ts";

function leaseOf3s(undo: () => boolean) {
  const clock = { nowMs: 0 };
  const lease = new Lease({ durationMs: 3000, nowMs: () => clock.nowMs, undoFaults: async () => undo() });
  return { clock, lease };
}

describe("a lease", () => {
  it("leaves faults alone while it is renewed", async () => {
    let undone = 0;
    const { clock, lease } = leaseOf3s(() => ++undone > 0);
    for (clock.nowMs = 0; clock.nowMs < 60_000; clock.nowMs += 1000) {
      lease.renew();
      await lease.check();
    }
    expect([undone, lease.lapses]).toEqual([0, 0]);
  });

  it("undoes faults once when it runs out, and again only after it was renewed", async () => {
    let undone = 0;
    const { clock, lease } = leaseOf3s(() => ++undone > 0);
    for (clock.nowMs = 0; clock.nowMs < 10_000; clock.nowMs += 250) await lease.check();
    expect([undone, lease.lapses]).toEqual([1, 1]);
    lease.renew();
    await lease.check();
    expect(undone).toBe(1);
    clock.nowMs += 3000;
    await lease.check();
    expect([undone, lease.lapses]).toEqual([2, 2]);
  });

  it("counts no lapse when there was no fault to undo", async () => {
    const { clock, lease } = leaseOf3s(() => false);
    clock.nowMs = 5000;
    await lease.check();
    expect(lease.lapses).toBe(0);
  });
});
