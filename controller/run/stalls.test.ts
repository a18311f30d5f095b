import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StallRecord } from "../../history/annotations.ts";
import { wallClock } from "../../time/clock.ts";
import { watchStalls } from "./stalls.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("tells how long this process stood still, where that is longer than the limit", () => {
  let nowNs = 0;
  const stalls: StallRecord[] = [];
  const stop = watchStalls({ ...wallClock(), nowNs: () => nowNs }, 500, (stall) => stalls.push(stall));
  const look = (afterMs: number): void => {
    nowNs += afterMs * 1e6;
    vi.advanceTimersByTime(50);
  };
  for (const afterMs of [50, 60, 549, 50]) look(afterMs);
  expect(stalls).toEqual([]);
  look(1050);
  look(50);
  expect(stalls).toEqual([{ stalledMs: 1000 }]);
  stop();
  look(5000);
  expect(stalls).toHaveLength(1);
});
