import { describe, expect, test } from "vitest";
import { LiveLines, LiveScreen } from "./live-region.ts";
import { EmulatedTerminal } from "./test-support/emulated-terminal.ts";

const manyLines = (count: number, text = "line") => Array.from({ length: count }, (_, at) => `${text} ${at + 1}`);

describe.each([LiveScreen, LiveLines])("%o", (Region) => {
  test("a frame takes the place of the one before, also when it has fewer or shorter lines", async () => {
    const terminal = new EmulatedTerminal(40, 10);
    let lines = ["three long lines", "of text", "here"];
    using region = new Region(terminal, () => lines);
    region.draw();
    expect(await terminal.lines()).toEqual(lines);
    lines = ["two", "lines"];
    region.draw();
    expect(await terminal.lines()).toEqual(lines);
    lines = [];
    region.draw();
    expect(await terminal.lines()).toEqual([]);
  });

  test("a frame that has not changed is not written again", () => {
    const terminal = new EmulatedTerminal(40, 10);
    using region = new Region(terminal, () => ["the same"]);
    region.draw();
    const { writes } = terminal;
    region.draw();
    expect(terminal.writes).toBe(writes);
  });

  test("a frame higher and wider than the terminal is cut, and redrawing it does not scroll", async () => {
    const terminal = new EmulatedTerminal(20, 4);
    let time = 0;
    using region = new Region(terminal, () => manyLines(9, `${"x".repeat(30)} at ${time++}`));
    for (let frame = 0; frame < 5; frame++) region.draw();
    expect(await terminal.scrolledLines()).toBe(0);
    expect(await terminal.lines()).toEqual(manyLines(4).map(() => `${"x".repeat(19)}…`));
  });

  test("a line as wide as the terminal keeps its last character", async () => {
    const terminal = new EmulatedTerminal(10, 4);
    using region = new Region(terminal, () => ["0123456789", "9876543210"]);
    region.draw();
    expect(await terminal.lines()).toEqual(["0123456789", "9876543210"]);
  });

  test("once it is disposed of, nothing is left of it and nothing draws, however often and whatever happens", async () => {
    const terminal = new EmulatedTerminal(40, 10);
    terminal.write("before\r\n");
    const region = new Region(terminal, () => ["shown"]);
    region.draw();
    region[Symbol.dispose]();
    const { writes } = terminal;
    region[Symbol.dispose]();
    region.draw();
    await terminal.resize(20, 5);
    expect(terminal.writes).toBe(writes);
    expect(terminal.listeners).toBe(0);
    expect(await terminal.lines()).toEqual(["before"]);
  });

  test("a terminal that does not know its size is taken for one of 80 by 24", () => {
    const written: string[] = [];
    const output = { columns: 0, rows: 0, write: (text: string) => written.push(text), on: () => {}, off: () => {} };
    using region = new Region(output, (size) => [`${size.columns} by ${size.rows}`]);
    region.draw();
    expect(written.join("")).toContain("80 by 24");
  });
});

test.each([
  ["narrower", 40, 20],
  ["wider", 140, 20],
  ["lower", 100, 6],
  ["narrower and lower", 50, 8],
])("a terminal that becomes %s shows one frame and nothing of those before", async (_, columns, rows) => {
  const terminal = new EmulatedTerminal(100, 20);
  terminal.write("$ keelhaul test\r\n");
  using region = new LiveScreen(terminal, (size) => manyLines(7, `${size.columns} by ${size.rows} ${"=".repeat(70)}`));
  region.draw();
  await terminal.resize(columns, rows);
  const lines = await terminal.lines();
  expect(lines.filter((line) => line.startsWith("100 by 20"))).toEqual([]);
  expect(lines.filter((line) => line.startsWith(`${columns} by ${rows}`))).toHaveLength(Math.min(7, rows));
  expect(lines.filter((line) => /^=/.test(line))).toEqual([]);
});

test("what is said stays above the frame", async () => {
  const terminal = new EmulatedTerminal(40, 4);
  using region = new LiveLines(terminal, () => ["so far 1", "so far 2"]);
  region.draw();
  for (const line of manyLines(4, "seed")) region.say(line);
  expect(await terminal.lines()).toEqual([...manyLines(4, "seed"), "so far 1", "so far 2"]);
});

test.each([70, 40, 20])(
  "a status line of a terminal that becomes %i columns wide leaves nothing behind",
  async (columns) => {
    const terminal = new EmulatedTerminal(100, 20);
    terminal.write("$ keelhaul sim\r\n");
    using region = new LiveLines(terminal, (size) => [`${size.columns} columns ${"=".repeat(80)}`, "q stops"]);
    region.draw();
    await terminal.resize(columns, 20);
    const lines = await terminal.lines();
    expect(lines[0]).toBe("$ keelhaul sim");
    expect(lines.slice(1)).toEqual([expect.stringMatching(new RegExp(`^${columns} columns =+`)), "q stops"]);
  },
);
