import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestRecord } from "../../history/test-record.ts";
import { createRunFolder } from "../../store/run-folder.ts";
import { type PruneFlags, pruneRuns } from "./prune-runs.ts";

let store: string;
beforeEach(async () => {
  store = mkdtempSync(join(tmpdir(), "keelhaul-prune-"));
  for (const day of [1, 2, 3]) {
    await createRunFolder(store, { name: "register", startedAt: `2026-01-0${day}T03:04:05.678Z` } as TestRecord);
  }
});
afterEach(() => rmSync(store, { recursive: true, force: true }));

const nowMs = Date.UTC(2026, 0, 3, 12);

async function prune(flags: Partial<PruneFlags>, answer: boolean | null = null): Promise<string[]> {
  const printed: string[] = [];
  const ask = async (question: string): Promise<boolean> => {
    printed.push(question);
    return answer === true;
  };
  const terminal = { print: (line: string) => void printed.push(line), ask: answer === null ? null : ask };
  await pruneRuns({ store, ...flags }, terminal, nowMs);
  return printed;
}

const runsLeft = () => readdirSync(join(store, "register")).length;

test("without a terminal it prints what it would remove, and removes nothing", async () => {
  const printed = await prune({ olderThan: "1d" });
  expect(printed[0]).toMatch(/^2 of 3 runs in .* are beyond the limits \([\d.]+ kB of [\d.]+ kB\):$/);
  expect(printed[1]).toMatch(/^ {2}2026-01-02 03:04 {2} *[\d.]+ kB {2}.*20260102T030405Z$/);
  expect(printed.at(-1)).toBe("nothing was removed; add --yes to remove them");
  expect(runsLeft()).toBe(3);
});

test("with --yes it removes them", async () => {
  expect((await prune({ keep: "1", yes: true })).at(-1)).toBe("removed 2 of them");
  expect(runsLeft()).toBe(1);
});

test("at a terminal it asks first", async () => {
  expect((await prune({ keep: "1" }, false)).slice(-2)).toEqual(["Remove them? [y/N] ", "nothing was removed"]);
  expect(runsLeft()).toBe(3);
  expect((await prune({ keep: "1" }, true)).at(-1)).toBe("removed 2 of them");
  expect(runsLeft()).toBe(1);
});

test("it says so when every run is within the limits", async () => {
  expect(await prune({ maxSize: "1GB" })).toEqual([
    expect.stringMatching(/^nothing to remove: no run in .* is beyond the limits \(3 in all, [\d.]+ kB\)$/),
  ]);
});

describe("bad input is one sentence", () => {
  test.each([
    [{}, "--runs needs a limit: add --older-than, --keep or --max-size"],
    [{ olderThan: "old" }, '--older-than: got "old"; expected an age such as 7d or 12h'],
    [{ keep: "-1" }, '--keep: got "-1"; expected a whole number of runs such as 20'],
    [{ maxSize: "2" }, '--max-size: got "2"; expected a size such as 500MB or 2GB'],
    [{ store: "/nowhere", keep: "1" }, '--store: got "/nowhere"; there is no such folder'],
  ])("%j", async (flags, sentence) => {
    await expect(prune(flags)).rejects.toThrow(sentence);
  });
});
