import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { writeHistory } from "../history/import/write-history.ts";
import { PseudoTerminal, type TerminalSize } from "./pseudo-terminal.ts";

/** Only a command that hangs takes so long. */
const hangsMs = 120_000;

const sizes = [
  { columns: 100, rows: 30 },
  { columns: 60, rows: 20 },
  { columns: 0, rows: 0 },
] as const satisfies readonly TerminalSize[];

const asFound = { cooked: true, cursorShown: true };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-terminal-"));
  writeHistory(join(folder, "short.jsonl"), history(10));
  writeHistory(join(folder, "long.jsonl"), history(500_000));
});
afterAll(() => rm(folder, { recursive: true }));

/** One client that writes, and reads what it wrote. */
function* history(operations: number): Generator<HistoryEvent> {
  for (let at = 0; at < operations; at++) {
    const writes = at % 2 === 0;
    const operation = { process: 0, f: writes ? "write" : "read", key: "k" };
    yield { index: 2 * at, time: 2 * at, type: "invoke", ...operation, value: writes ? at : null };
    yield { index: 2 * at + 1, time: 2 * at + 1, type: "ok", ...operation, value: writes ? at : at - 1 };
  }
}

const memory = ["--system", "memory", "--nemesis", "none"];
const clusterIsUp = /n1 +up[\s\S]*q.quit/;

interface Live {
  readonly command: string;
  /** A run that ends by itself, and its exit code. */
  readonly short?: readonly string[];
  readonly shortCode: number;
  /** One that lasts until it is stopped, when it can be, and the exit code then. */
  readonly long: readonly string[];
  readonly underWay: RegExp;
  readonly stoppedCode: number;
}

const commands: readonly Live[] = [
  {
    command: "test",
    short: ["test", ...memory, "--time-limit", "1s", "--min-load", "0"],
    shortCode: 0,
    long: ["test", ...memory, "--time-limit", "10m"],
    underWay: /load and faults[\s\S]*q or Ctrl-C stops/,
    stoppedCode: 2,
  },
  {
    command: "sim",
    short: ["sim", "--system", "memory", "--seeds", "1..2", "--time-limit", "1s", "--threads", "1"],
    shortCode: 0,
    long: ["sim", "--system", "memory", "--seeds", "1..1000000", "--time-limit", "1s", "--threads", "1"],
    underWay: /of 1000000 seeds, .* left[\s\S]*q stops/,
    stoppedCode: 2,
  },
  {
    command: "mutants",
    short: ["mutants", "--only", "M24", "--control-seeds", "1", "--threads", "1", "--time-limit", "10s"],
    shortCode: 0,
    long: ["mutants", "--seeds", "1000", "--control-seeds", "1000", "--threads", "1", "--time-limit", "10s"],
    underWay: /\d detected, .* left[\s\S]*q stops/,
    stoppedCode: 2,
  },
  {
    command: "compare",
    short: ["compare", ...memory, "--axis", "nodes=1,2", "--repeat", "1", "--time-limit", "1s"],
    shortCode: 0,
    long: ["compare", ...memory, "--axis", "nodes=1,2", "--time-limit", "10m"],
    underWay: /1 of 6: 1, seed \d+: load and faults[\s\S]*q stops; --continue/,
    stoppedCode: 2,
  },
  {
    command: "analyze",
    short: ["analyze", "short.jsonl"],
    shortCode: 0,
    long: ["analyze", "long.jsonl"],
    underWay: /events read[\s\S]*q stops/,
    stoppedCode: 2,
  },
  {
    command: "cluster",
    shortCode: 0,
    long: ["cluster", "--nodes", "1", "--spares", "0"],
    underWay: clusterIsUp,
    stoppedCode: 0,
  },
];

describe.each(sizes)("on a terminal of $columns by $rows", (size) => {
  test.each(commands.filter(({ short }) => short !== undefined))(
    "$command ends by itself",
    async ({ short = [], shortCode }) => {
      await using terminal = new PseudoTerminal(short, size, folder);
      expect(await terminal.ended()).toEqual({ code: shortCode, ...asFound });
    },
    hangsMs,
  );

  test.each(commands)(
    "$command is stopped by q",
    async ({ long, underWay, stoppedCode }) => {
      await using terminal = new PseudoTerminal(long, size, folder);
      await terminal.shows(underWay);
      terminal.press("q");
      expect(await terminal.ended()).toEqual({ code: stoppedCode, ...asFound });
    },
    hangsMs,
  );

  test.each(commands)(
    "$command is stopped by Ctrl-C",
    async ({ long, underWay, stoppedCode }) => {
      await using terminal = new PseudoTerminal(long, size, folder);
      await terminal.shows(underWay);
      terminal.press("\x03");
      expect(await terminal.ended()).toEqual({ code: stoppedCode, ...asFound });
    },
    hangsMs,
  );
});

test(
  "a run that is made smaller after it ends by itself too",
  async () => {
    const args = [
      "test",
      "--backend",
      "sim",
      "--system",
      "memory",
      "--set",
      "bug=stale-replica",
      "--seed",
      "1",
      "--shrink",
    ];
    await using terminal = new PseudoTerminal([...args, "--time-limit", "2s"], sizes[0], folder);
    expect(await terminal.ended()).toEqual({ code: 1, ...asFound });
  },
  hangsMs,
);

test.each([
  [{ NO_COLOR: "1" }, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true],
  [{ FORCE_COLOR: "0" }, false],
  [{}, true],
])(
  "with %o, colours are %o",
  async (env, colours) => {
    const args = ["test", ...memory, "--time-limit", "1s"];
    await using terminal = new PseudoTerminal(args, sizes[0], folder, env);
    await terminal.ended();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    expect(/\x1b\[[0-9;]*m/.test(terminal.output)).toBe(colours);
  },
  hangsMs,
);
