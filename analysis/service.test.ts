import { expect, test } from "vitest";
import { availabilityChecker } from "./checkers/availability.ts";
import { secondsWithin } from "./service.ts";
import { fault, runHistory } from "./test-support/run-history.ts";

const period = (from: number, to: number) => ({ fromNs: from * 1e9, toNs: to * 1e9 });

test("time under several faults at once counts once, and only while clients were at work", () => {
  expect(secondsWithin(period(0, 10), [])).toBe(0);
  expect(secondsWithin(period(0, 10), [period(6, 20), period(1, 3), period(2, 4)])).toBe(3 + 4);
  expect(secondsWithin(period(5, 10), [period(1, 6), period(2, 3)])).toBe(1);
});

test("service is told apart for healthy and faulty times, and a late answer is none that is prompt", () => {
  const clients = `
    1.0 0 invoke write 1
    1.1 0 ok     write 1
    2.1 0 invoke write 2
    2.8 0 ok     write 2
    2.9 1 invoke read
    2.92 1 ok    read 2
    3.0 1 invoke read
    3.2 1 fail   read !not-leader`;
  const { outsideFaults, duringFaults } = availabilityChecker.check(
    runHistory(clients, [fault(1, 2, "inject"), fault(1, 2.95, "heal")]),
  );
  expect(duringFaults).toMatchObject({ total: 2, answered: 2, prompt: 1 });
  expect(duringFaults.latencyMs["write"]!.p99).toBeCloseTo(700);
  expect(duringFaults.latencyMs["read"]!.p50).toBeCloseTo(20);
  expect(outsideFaults).toMatchObject({ total: 2, answered: 1, prompt: 1 });
  expect(Object.keys(outsideFaults.latencyMs)).toEqual(["write"]);
  expect(duringFaults.seconds + outsideFaults.seconds).toBeCloseTo(2.2);
  expect(duringFaults.seconds).toBeCloseTo(0.95);
});
