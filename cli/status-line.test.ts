import { expect, test } from "vitest";
import { progressOutput, statusLine } from "./status-line.ts";

/** A status line somewhere, what it wrote so far, and a clock to move. */
function watched(isTTY: boolean) {
  const written: string[] = [];
  const clock = { nowMs: 5000 };
  const status = statusLine({ isTTY, write: (text) => written.push(text) }, () => clock.nowMs);
  const updateAt = (nowMs: number) => {
    clock.nowMs = nowMs;
    status.update(() => `at ${nowMs}`);
  };
  return { status, written, updateAt };
}

test("a terminal has one line, at most five times a second, and nothing is left of it", () => {
  const { status, written, updateAt } = watched(true);
  for (const nowMs of [5000, 5199, 5200, 5399, 5400]) updateAt(nowMs);
  status.close();
  expect(written).toEqual(["\r\x1b[Kat 5200", "\r\x1b[Kat 5400", "\r\x1b[K"]);
});

test("elsewhere it is a line every ten seconds", () => {
  const { status, written, updateAt } = watched(false);
  for (const nowMs of [5000, 14_999, 15_000, 24_999, 25_000]) updateAt(nowMs);
  status.close();
  expect(written.join("")).toBe("at 15000\nat 25000\n");
});

test("what is said stays: it takes the place of the line on a terminal, which comes again below it", () => {
  const terminal = watched(true);
  terminal.updateAt(5200);
  terminal.status.say("seed 3 failed");
  terminal.updateAt(5400);
  expect(terminal.written.join("")).toBe("\r\x1b[Kat 5200\r\x1b[Kseed 3 failed\n\r\x1b[Kat 5400");
  const elsewhere = watched(false);
  elsewhere.status.say("seed 3 failed");
  expect(elsewhere.written).toEqual(["seed 3 failed\n"]);
});

test("progress goes to stderr, and nowhere when it is to be quiet", () => {
  expect(progressOutput(false)).toBe(process.stderr);
  expect(progressOutput(true)).not.toBe(process.stderr);
});
