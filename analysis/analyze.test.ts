import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compressHistory } from "../history/compress.ts";
import { HistoryError } from "../history/history-error.ts";
import { runFiles } from "../history/test-record.ts";
import { aTestRecord } from "../history/test-support/test-record.ts";
import { formatEvent } from "../history/writer.ts";
import { analyze } from "./analyze.ts";
import { analyzeRun } from "./analyze-run.ts";
import type { Checker } from "./checker.ts";
import type { AnalysisProgress } from "./progress.ts";
import { checkers, withoutPlan } from "./registry.ts";
import { analyzeInWorker } from "./run-in-worker.ts";
import { fault, phase, runHistory, stall, steadyHistory } from "./test-support/run-history.ts";

const good = `
  1.0 0 invoke write 1
  1.1 0 ok     write 1
  1.2 0 invoke read
  1.3 0 ok     read 1`;
const stale = good.replace("ok     read 1", "ok     read null");
const all = withoutPlan.map((name) => checkers[name]);

describe("the verdict on a run", () => {
  it("is valid when every checker says so, and says that no fault was injected", () => {
    expect(analyze(runHistory(good), all)).toMatchObject({
      verdict: "valid",
      summary: "2 operations on 1 key are linearizable; no fault was injected",
      operations: { ok: 2, fail: 0, info: 0 },
      faults: { injected: 0, effective: 0 },
      checkers: {
        register: { verdict: "valid" },
        statistics: { verdict: "valid" },
        availability: { verdict: "valid" },
      },
      warnings: [],
    });
  });

  it("survived only faults that were proven to take effect", () => {
    const faults = [fault(1, 1.05, "inject"), fault(1, 1.15, "heal")];
    const results = analyze(runHistory(good, faults), all);
    expect(results).toMatchObject({ verdict: "valid", faults: { injected: 1, effective: 1 } });
    expect(results.summary).toBe("2 operations on 1 key are linearizable; survived 1 fault");
  });

  it("names the faults without effect, and then survived nothing", () => {
    const results = analyze(runHistory(good, [fault(1, 1.05, "inject"), fault(2, 1.06, "inject", false)]), all);
    expect(results).toMatchObject({ verdict: "valid", faults: { injected: 2, effective: 1 } });
    expect(results.summary).toContain("but 1 of 2 faults had no proven effect: pause 2 (leader)");
    expect(results.summary).not.toContain("survived");
    expect(results.warnings).toEqual(["fault without proven effect: pause 2 (leader)"]);
  });

  it("is unknown when no fault took effect", () => {
    const results = analyze(runHistory(good, [fault(1, 1.05, "inject", false)]), all);
    expect(results.verdict).toBe("unknown");
    expect(results.summary).toContain("none of the 1 fault was proven to take effect");
    expect(results.summary).not.toContain("survived");
  });

  it("is unknown with the figures when too few faults took effect", () => {
    const faults = [1, 2, 3].map((id) => fault(id, 1 + id / 100, "inject", id === 1));
    const results = analyze(runHistory(good, faults), all);
    expect(results).toMatchObject({ verdict: "unknown", inconclusive: [{ code: "too-few-effective-faults" }] });
    expect(results.summary).toContain("only 1 of 3 faults were proven to take effect; 50 % are required");
    const load = {
      phase: "load",
      timeLimitMs: 60_000,
      rate: 10,
      concurrency: 2,
      minLoadShare: 0.5,
      withFaults: true,
    } as const;
    const asked = (minEffectiveShare: number) => [
      ...[phase(0, { phase: "start" }), phase(0.5, { ...load, minEffectiveShare }), ...faults],
      ...[phase(61, { phase: "final-reads" }), phase(62, { phase: "stop" }), phase(63, { phase: "end" })],
    ];
    expect(analyze(runHistory(good, asked(0.3)), all)).toMatchObject({ verdict: "valid" });
    expect(analyze(runHistory(good, asked(0.4)), all)).toMatchObject({ verdict: "unknown" });
  });

  it("does not believe a fault that claims an effect without evidence", () => {
    const claimed = fault(1, 1.05, "inject");
    const bare = { ...claimed, value: { ...(claimed.value as object), evidence: [] } };
    expect(analyze(runHistory(good, [bare]), all)).toMatchObject({ verdict: "unknown", faults: { effective: 0 } });
  });

  it("stays invalid whatever else is unknown, and reports every checker", () => {
    const broken: Checker = {
      name: "broken",
      check: () => {
        throw new TypeError("no such thing");
      },
    };
    const results = analyze(runHistory(stale, [fault(1, 1.05, "inject", false)]), [broken, ...all]);
    expect(results.verdict).toBe("invalid");
    expect(results.summary).toMatch(/^register: key "x" is not linearizable: /);
    expect(results.checkers["broken"]).toMatchObject({
      verdict: "unknown",
      summary: "broken failed: no such thing",
      cause: { code: "checker-failed" },
    });
  });

  it("names the other checkers that say the same, since the summary is one checker's", () => {
    const several = [checkers.register, checkers["cas-register"], checkers["linearizable-register"]];
    expect(analyze(runHistory(stale), several).summary).toMatch(
      /^register: .*; invalid by cas-register, linearizable-register as well$/,
    );
  });

  it("is unknown where the controller stalled for much of the run, but a proved violation stays one", () => {
    const steady = steadyHistory(20);
    const starved = analyze(runHistory(steady, [stall(10, 2500)]), all);
    expect(starved).toMatchObject({ verdict: "unknown", inconclusive: [{ code: "controller-starved" }] });
    expect(starved.summary).toBe(
      "the controller stalled once for longer than clients wait, 2.5 s of 19.3 s in all; no violation found: " +
        "40 operations on 1 key are linearizable",
    );
    expect(starved.warnings[0]).toMatch(/give the controller a processor of its own/);
    expect(analyze(runHistory(steady.replace("read 20", "read 19"), [stall(10, 2500)]), all)).toMatchObject({
      verdict: "invalid",
      inconclusive: [{ code: "controller-starved" }],
    });
  });

  it("states a short stall of the controller, and stands", () => {
    const results = analyze(runHistory(steadyHistory(20), [stall(10, 1200)]), all);
    expect(results.verdict).toBe("valid");
    expect(results.inconclusive).toBeUndefined();
    expect(results.warnings).toEqual(["controller stalled 1.2 s at 8.800 s (excluded from availability)"]);
  });

  it("is unknown where clients broke in more than a hundredth of operations", () => {
    const broken = "\n2.0 1 invoke read\n2.1 1 info read !client-error:bug";
    const few = Array.from({ length: 99 }, (_, i) => `\n${3 + i}.0 0 invoke read\n${3 + i}.1 0 ok read 1`).join("");
    const spaced = (text: string) =>
      runHistory(text).map((event) => (event.error === undefined ? event : { ...event, error: "client-error" }));
    expect(analyze(spaced(good + broken), all)).toMatchObject({
      verdict: "unknown",
      inconclusive: [
        { code: "client-broken", reached: expect.stringMatching(/^1 of 3 operations ended in an error of/) },
      ],
    });
    const mostlyFine = analyze(spaced(good + broken + few), all);
    expect([mostlyFine.verdict, mostlyFine.inconclusive]).toEqual(["valid", undefined]);
  });

  it("is never valid for an empty history", () => {
    const results = analyze([], all);
    expect(results.verdict).toBe("unknown");
    expect(results.summary).toContain("nothing was tested");
  });

  it("passes on what the controller and the checkers warned of", () => {
    const value = { warning: "n3 did not stop" };
    const note = { index: 0, time: 2e9, process: "controller", type: "info", f: "warning", value } as const;
    const warning: Checker = {
      name: "w",
      check: () => ({ verdict: "valid", summary: "", warnings: ["hardly any load"] }),
    };
    const results = analyze(runHistory(good, [note]), [...all, warning]);
    expect(results).toMatchObject({ verdict: "valid", warnings: ["n3 did not stop", "hardly any load"] });
  });
});

describe("the analysis of a run folder", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "keelhaul-analyze-"));
    writeFileSync(
      join(folder, runFiles.test),
      JSON.stringify(aTestRecord({ checkers: ["register", "statistics", "availability"] })),
    );
    file = join(folder, runFiles.history);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const store = (text: string) => writeFileSync(file, runHistory(text).map(formatEvent).join(""));

  it("leaves results.json there, and answers the same for the compressed history", async () => {
    store(stale);
    const { results } = await analyzeRun(folder);
    expect(results).toMatchObject({ verdict: "invalid", checkers: { register: { violationCount: 1 } } });
    expect(JSON.parse(readFileSync(join(folder, runFiles.results), "utf8"))).toEqual(results);
    const compressed = await compressHistory(file);
    expect((await analyzeRun(compressed)).results).toEqual(results);
  });

  it("says unknown with the line when the history is damaged", async () => {
    store(good);
    writeFileSync(file, `{]\n${readFileSync(file, "utf8")}`);
    const { results } = await analyzeRun(folder, { checkers: ["register"] });
    expect(results.verdict).toBe("unknown");
    expect(results.summary).toContain(`${file}:1: found “{]”, expected one JSON object`);
    expect(results.checkers["register"]?.cause?.code).toBe("damaged-history");
  });

  it("says that the last line was cut", async () => {
    store(good);
    writeFileSync(file, readFileSync(file, "utf8").slice(0, -9));
    expect((await analyzeRun(folder)).results.warnings[0]).toContain(":4: the last line was cut");
  });

  it("says unknown, and how far it came, when time or memory run out", async () => {
    store(good);
    const { results: late } = await analyzeRun(file, { budget: { timeMs: 0, memoryMb: 4096 } });
    expect(late).toMatchObject({ verdict: "unknown", checkers: { register: { cause: { code: "time-budget" } } } });
    expect(late.summary).toContain("the history was still being read");
    let reading = 0;
    const growing = (): number => 2 ** 40 * reading++;
    const budget = { timeMs: 60_000, memoryMb: 64 };
    const task = { file, judges: { checkers: ["register"] as const } };
    const { results: tight } = await analyzeInWorker(task, budget, { memoryInUse: growing });
    expect(tight).toMatchObject({ verdict: "unknown", checkers: { register: { cause: { code: "memory-budget" } } } });
  });

  it("stops when it is interrupted, and leaves unknown what it has not judged", async () => {
    store(good);
    const { results: stopped } = await analyzeRun(folder, { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ verdict: "unknown", checkers: { register: { cause: { code: "interrupted" } } } });
    expect(JSON.parse(readFileSync(join(folder, runFiles.results), "utf8"))).toEqual(stopped);
  });

  it("keeps the results of an earlier analysis when it is interrupted", async () => {
    store(good);
    const { results: earlier } = await analyzeRun(folder);
    await analyzeRun(folder, { signal: AbortSignal.abort() });
    expect(JSON.parse(readFileSync(join(folder, runFiles.results), "utf8"))).toEqual(earlier);
  });

  it("reports its stages, and how many events it has read", async () => {
    store(good);
    const heard: AnalysisProgress[] = [];
    await analyzeRun(folder, { checkers: ["register"], hear: (progress) => heard.push(progress) });
    const events = readFileSync(file, "utf8").trim().split("\n").length;
    expect(heard).toContainEqual({ stage: "reading the history", events });
    expect(heard.at(-1)?.stage).toBe("checking register");
  });

  it("refuses a path without a history", async () => {
    await expect(analyzeRun(join(folder, "none"))).rejects.toThrow(HistoryError);
  });
});
