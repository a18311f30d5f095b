import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { openHistory } from "../../history/reader.ts";
import { aTestRecord } from "../../history/test-support/test-record.ts";
import { formatEvent } from "../../history/writer.ts";
import { ownControllerName } from "../../hosts/controller-name.ts";
import { wallClock } from "../../time/clock.ts";
import { continueHistory } from "./continue-history.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-continue-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const historyFile = (): string => join(folder, "history.jsonl");
const store = (text: string | Buffer): void => writeFileSync(historyFile(), text);
const events = (): HistoryEvent[] => [...openHistory(historyFile())];

/** Operations of three clients whose histories interleave, some of them never answered. */
const histories = fc
  .array(fc.record({ client: fc.nat(2), type: fc.constantFrom("ok", "info", "fail"), text: fc.string() }))
  .map((steps) => {
    const process = [0, 1, 2];
    const open = new Map<number, string>();
    return steps.map(({ client, type, text }, index): HistoryEvent => {
      const of = process[client]!;
      const under = open.get(of);
      const event = { index, time: index * 1000, process: of, f: "write", key: "k" } as const;
      if (under === undefined) {
        open.set(of, text);
        return { ...event, type: "invoke", value: text };
      }
      open.delete(of);
      if (type === "info") process[client]! += 3;
      return { ...event, type: type as "ok", value: under };
    });
  });

test("a history that was cut at any byte goes on with every whole event, and is read back", async () => {
  const cut = fc.tuple(histories, fc.double({ min: 0, max: 1, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(cut, async ([recorded, share]) => {
      const bytes = Buffer.from(recorded.map(formatEvent).join(""));
      const left = bytes.subarray(0, Math.round(share * bytes.length));
      store(left);
      const whole = events();
      const history = await continueHistory(folder, wallClock());
      const process = history.unusedProcess;
      history.record({ process, type: "invoke", f: "read", key: "k", value: null });
      history.record({ process, type: "ok", f: "read", key: "k", value: "v" });
      await history.close();

      const all = events();
      expect(all.slice(0, whole.length)).toEqual(whole);
      expect(all.map(({ index }) => index)).toEqual(all.map((_, place) => place));
      expect(all.slice(-2).map((event) => event.process)).toEqual([process, process]);
      const counted = (type: string) => all.filter((event) => event.type === type).length;
      expect(counted("invoke") * 2).toBe(all.length);
      expect(readFileSync(historyFile()).subarray(0, left.lastIndexOf(10) + 1)).toEqual(
        left.subarray(0, left.lastIndexOf(10) + 1),
      );
    }),
    {
      numRuns: 200,
      ...(globalThis.process.env["KEELHAUL_SEED"] ? { seed: Number(globalThis.process.env["KEELHAUL_SEED"]) } : {}),
    },
  );
});

test("what was under way ends in info, with the reason, on the same time axis", async () => {
  const written = { index: 6, time: 5e9, process: 4, type: "invoke", f: "write", key: "k", value: 1 } as const;
  store(formatEvent(written));
  const history = await continueHistory(folder, wallClock());
  expect(history.unusedProcess).toBe(5);
  expect(history.clock.nowNs()).toBeGreaterThanOrEqual(5e9);
  await history.close();
  const [, ended] = events();
  expect(ended).toMatchObject({ index: 7, process: 4, type: "info", key: "k", value: 1, error: "controller-ended" });
  expect(ended!.time).toBeGreaterThanOrEqual(5e9);
});

test("the last event is kept where only its newline was lost", async () => {
  const read = {
    index: 0,
    time: 1,
    process: "controller",
    type: "info",
    f: "phase",
    value: { phase: "start" },
  } as const;
  store(formatEvent(read).trimEnd());
  const history = await continueHistory(folder, wallClock());
  history.record({ process: "controller", type: "info", f: "phase", value: { phase: "end" } });
  await history.close();
  expect(events().map(({ index, value }) => [index, value])).toEqual([
    [0, { phase: "start" }],
    [1, { phase: "end" }],
  ]);
});

test("a history that is damaged before its end is refused, and stays as it is", async () => {
  store("nonsense\n{");
  await expect(continueHistory(folder, wallClock())).rejects.toThrow(`${historyFile()}:1: found`);
  expect(readFileSync(historyFile(), "utf8")).toBe("nonsense\n{");
});

test("a run that has ended, is under way or was compressed is refused, in a sentence", async () => {
  await expect(continueHistory(folder, wallClock())).rejects.toThrow("has no history.jsonl");
  const end = { index: 0, time: 1, process: "controller", type: "info", f: "phase", value: { phase: "end" } } as const;
  store(formatEvent(end));
  await expect(continueHistory(folder, wallClock())).rejects.toThrow("its run has ended");
  const record = { ...aTestRecord(), controller: await ownControllerName() };
  writeFileSync(join(folder, "test.json"), JSON.stringify(record));
  await expect(continueHistory(folder, wallClock())).rejects.toThrow("its controller is still running");
});
