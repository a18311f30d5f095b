import { expect, test } from "vitest";
import { sleepMs } from "../time/clock.ts";
import { VirtualTime } from "../time/virtual-time.ts";
import { progressOutput, redrawnLine, repeatedLine } from "./status-line.ts";
import { EmulatedTerminal } from "./ui/test-support/emulated-terminal.ts";

/** What is written to somewhere that is no terminal. */
function plainOutput() {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), on: () => {}, off: () => {} };
  return { output, text: () => written.join("") };
}

test("a terminal has one line that goes on by itself, with the keys below it, and nothing is left of both", async () => {
  const terminal = new EmulatedTerminal(60, 10);
  const time = new VirtualTime();
  const status = redrawnLine(terminal, time, "q stops");
  status.update(() => `at ${Math.round(time.nowNs() / 1e6)} ms`);
  await time.run(() => sleepMs(time, 450));
  expect(await terminal.lines()).toEqual(["at 400 ms", "q stops"]);
  await time.run(() => sleepMs(time, 200));
  expect(await terminal.lines()).toEqual(["at 600 ms", "q stops"]);
  status[Symbol.dispose]();
  expect(await terminal.lines()).toEqual([]);
});

test("a terminal shows at once what begins", async () => {
  const terminal = new EmulatedTerminal(60, 10);
  using status = redrawnLine(terminal, new VirtualTime(), null);
  status.begin(() => "writing the report");
  expect(await terminal.lines()).toEqual(["writing the report"]);
});

test("elsewhere it is a line every five seconds, of what was reported last", async () => {
  const { output, text } = plainOutput();
  const time = new VirtualTime();
  await time.run(async () => {
    using status = repeatedLine(output, time);
    for (let second = 1; second <= 11; second++) {
      status.update(() => `second ${second}`);
      await sleepMs(time, 1000);
    }
  });
  expect(text()).toBe("second 5\nsecond 10\n");
});

test("a thread too busy for its timers shows its progress all the same", () => {
  const { output, text } = plainOutput();
  const clock = { nowMs: 0, nowNs: () => clock.nowMs * 1e6, after: () => () => {}, soon: () => {} };
  using status = repeatedLine(output, clock);
  for (const atMs of [1, 4999, 5000, 9999, 10_000]) {
    clock.nowMs = atMs;
    status.update(() => `at ${atMs}`);
  }
  expect(text()).toBe("at 5000\nat 10000\n");
});

test("what is said stays, on a terminal above the line", async () => {
  const terminal = new EmulatedTerminal(60, 10);
  const time = new VirtualTime();
  using status = redrawnLine(terminal, time, null);
  status.update(() => "so far");
  await time.run(() => sleepMs(time, 200));
  status.say("seed 3 failed");
  expect(await terminal.lines()).toEqual(["seed 3 failed", "so far"]);
  const { output, text } = plainOutput();
  using elsewhere = repeatedLine(output, time);
  elsewhere.say("seed 3 failed");
  expect(text()).toBe("seed 3 failed\n");
});

test("progress goes to stderr, and nowhere when it is to be quiet", () => {
  expect(progressOutput(false)).toBe(process.stderr);
  expect(progressOutput(true)).not.toBe(process.stderr);
});

test.each([
  ["a terminal", true],
  ["elsewhere", false],
])("%s shows what would move its cursor as characters", async (_, redrawn) => {
  const terminal = new EmulatedTerminal(60, 10);
  const time = new VirtualTime();
  using status = redrawn ? redrawnLine(terminal, time, null) : repeatedLine(terminal, time);
  status.say("seed 1: key \u001b[2J\nis wrong");
  expect((await terminal.lines())[0]).toBe("seed 1: key \\u001b[2J\\nis wrong");
});
