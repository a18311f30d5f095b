import { expect, test } from "vitest";
import { catchUpLine } from "../../../hosts/clocks/line.ts";
import { nowMs, repeat, sleepMs } from "../../../time/clock.ts";
import { VirtualTime } from "../../../time/virtual-time.ts";
import { ClockFaults } from "./clock-faults.ts";
import { VirtualProcess } from "./process.ts";

const punctual = { offsetNs: 0, rate: 1 };

test("a process that goes on ends its turn, then hears what arrived, and looks at its clock last", async () => {
  const time = new VirtualTime();
  const process = new VirtualProcess(time, punctual);
  const seen: string[] = [];
  repeat(process, 10, () => process.soon(() => seen.push(`tick at ${nowMs(time)}`)));
  time.after(15, () => {
    process.soon(() => seen.push("rest of the turn"));
    process.pause();
  });
  for (const atMs of [20, 30]) time.after(atMs, () => process.arrive(() => seen.push(`message of ${atMs}`)));
  time.after(95, () => process.resume());
  await time.run(() => sleepMs(time, 106));
  expect(seen).toEqual([
    "tick at 10",
    "rest of the turn",
    "message of 20",
    "message of 30",
    "tick at 95",
    "tick at 105",
  ]);
});

test("nothing happens any more in a process that has ended", async () => {
  const time = new VirtualTime();
  const process = new VirtualProcess(time, punctual);
  const seen: string[] = [];
  process.after(5, () => seen.push("timer"));
  process.pause();
  process.arrive(() => seen.push("message"));
  process.end();
  process.resume();
  process.arrive(() => seen.push("later message"));
  await time.run(() => sleepMs(time, 10));
  expect(seen).toEqual([]);
});

test("a turn ends with what it asked for, before anything else arrives, unless it ended the process", async () => {
  const time = new VirtualTime();
  const process = new VirtualProcess(time, punctual);
  const seen: string[] = [];
  const hears = (message: string) => () =>
    process.arrive(() => {
      seen.push(message);
      process.soon(() => seen.push(`the end of ${message}`));
      if (message === "the last") process.end();
    });
  for (const message of ["one", "another", "the last"]) time.after(5, hears(message));
  await time.run(() => sleepMs(time, 10));
  expect(seen).toEqual(["one", "the end of one", "another", "the end of another", "the last"]);
  expect(time.happened).toBe(4);
});

test("a clock that runs twice as fast shows twice the time, and its timers are due in half of it", async () => {
  const time = new VirtualTime();
  const process = new VirtualProcess(time, { offsetNs: 7e6, rate: 2 });
  const seen: [number, number][] = [];
  process.after(10, () => seen.push([nowMs(time), nowMs(process)]));
  const cancel = process.after(12, () => seen.push([0, 0]));
  cancel();
  await time.run(() => sleepMs(time, 20));
  expect(seen).toEqual([[5, 17]]);
});

test("a timer keeps to its process's clock when a fault changes the rate, and the clock catches up", async () => {
  const time = new VirtualTime();
  const faults = new ClockFaults(time);
  const process = new VirtualProcess(time, punctual, faults);
  const seen: [number, number][] = [];
  process.after(1000, () => seen.push([nowMs(time), nowMs(process)]));
  faults.monotonic = { sinceMs: 0, offsetMs: 0, rate: 0.5 };
  await time.run(() => sleepMs(time, 1500));
  expect([seen, nowMs(process)]).toEqual([[], 750]);
  const { line, takesMs } = catchUpLine(faults.monotonic, 1500);
  faults.monotonic = line;
  await time.run(() => sleepMs(time, takesMs));
  expect(seen).toEqual([[expect.closeTo(1500 + 250 / 1.5, -1), expect.closeTo(1000, -1)]]);
  expect(nowMs(process)).toBe(1500 + takesMs);
});
