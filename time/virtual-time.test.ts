import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTurn, sleepMs, sleepUntilNs } from "./clock.ts";
import { Standstill, VirtualTime } from "./virtual-time.ts";

test("time jumps to what happens next, and an hour passes at once", async () => {
  const time = new VirtualTime();
  await time.run(() => sleepMs(time, 3_600_000));
  expect(time.nowNs()).toBe(3_600_000 * 1e6);
});

test("what is due at one time happens in the order in which it was asked for, whatever the delays", async () => {
  const delays = fc.array(
    fc.record({ delayMs: fc.integer({ min: 0, max: 5 }), cancelled: fc.boolean(), thenSoon: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(delays, async (asked) => {
      const time = new VirtualTime();
      const seen: string[] = [];
      const cancels = asked.map(({ delayMs, thenSoon }, place) =>
        time.after(delayMs, () => {
          seen.push(`${time.nowNs() / 1e6} ms: ${place}`);
          if (thenSoon) time.soon(() => seen.push(`${time.nowNs() / 1e6} ms: soon after ${place}`));
        }),
      );
      asked.forEach(({ cancelled }, place) => {
        if (cancelled) cancels[place]!();
      });
      await time.run(() => sleepMs(time, 10));
      const left = asked.flatMap((one, place) => (one.cancelled ? [] : [{ ...one, place }]));
      const expected = [0, 1, 2, 3, 4, 5].flatMap((atMs) => {
        const due = left.filter(({ delayMs }) => delayMs === atMs);
        return [
          ...due.map(({ place }) => `${atMs} ms: ${place}`),
          ...due.filter(({ thenSoon }) => thenSoon).map(({ place }) => `${atMs} ms: soon after ${place}`),
        ];
      });
      expect(seen).toEqual(expected);
    }),
  );
});

test("promises that an event settles are over before the next event", async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  const chain = async (): Promise<void> => {
    await sleepMs(time, 1);
    for (let link = 0; link < 5; link++) await null;
    seen.push("chain");
  };
  time.after(1.000001, () => seen.push("later"));
  await time.run(async () => {
    await chain();
    await nextTurn(time);
    await sleepMs(time, 1);
  });
  expect(seen).toEqual(["chain", "later"]);
});

test("a sleeper wakes early when its signal aborts, and does not hold time up", async () => {
  const time = new VirtualTime();
  const ended = new AbortController();
  time.after(3, () => ended.abort());
  await time.run(() => sleepMs(time, 1000, ended.signal));
  expect(time.nowNs()).toBe(3e6);
});

test("what nothing can bring about any more is said, not waited for", async () => {
  const time = new VirtualTime();
  await expect(time.run(() => new Promise(() => {}))).rejects.toThrow(Standstill);
});

test("what asks for another event at the same instant for ever is said as well", async () => {
  const time = new VirtualTime();
  const again = (): void => time.soon(again);
  again();
  await expect(time.run(() => sleepMs(time, 1))).rejects.toThrow(/time does not pass after 0 ms/);
});

test("an event or a deed that throws ends the run", async () => {
  const time = new VirtualTime();
  time.after(1, () => {
    throw new RangeError("in an event");
  });
  await expect(time.run(() => sleepMs(time, 2))).rejects.toThrow("in an event");
  const failing = async (): Promise<void> => {
    await sleepMs(time, 1);
    throw new RangeError("in the deed");
  };
  await expect(time.run(failing)).rejects.toThrow("in the deed");
});

test("who sleeps until a part of a nanosecond wakes when that has passed: one who looks again need not sleep again", async () => {
  const time = new VirtualTime();
  await time.run(() => sleepUntilNs(time, 13_333_333.3));
  expect(time.nowNs()).toBe(13_333_334);
});
