import { expect, test } from "vitest";
import { bursts } from "./bursts.ts";
import { each, rate, repeat, simulate } from "./index.ts";

const seconds = 1e9;

test("operations come in bursts with quiet time between them, and as many in all as without", () => {
  const operations = rate(bursts(100, 5 * seconds), repeat(each([{ f: "read" }])));
  const events = simulate(operations, { untilNs: 20 * seconds, maxOperations: 10_000 });
  const times = events.flatMap(({ type, time }) => (type === "invoke" ? [time] : []));
  const within = (from: number, to: number) =>
    times.filter((time) => time >= from * seconds && time < to * seconds).length;
  expect(Math.abs(times.length - 2000)).toBeLessThan(20);
  expect(within(5, 6)).toBeGreaterThan(2.5 * 100);
  expect(within(6, 10) / 4).toBeLessThan(0.6 * 100);
});
