import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makePlan } from "../controller/plan/plan.ts";
import { UsageError } from "../errors/errors.ts";
import { openHistory } from "../history/reader.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Outcome } from "./outcome.ts";
import { runAndReport } from "./run-and-report.ts";

/** A disk that refuses writes from one on, or that one alone. Removing and truncating always work. */
const disk = vi.hoisted(() => {
  const state = { writes: 0, failures: 0, refuseFrom: Infinity, refuseTo: Infinity };
  const isFull = (): boolean => state.writes >= state.refuseFrom && state.writes <= state.refuseTo;
  const full = (syscall: string): Error => {
    state.failures++;
    return Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}`), { code: "ENOSPC", syscall });
  };
  const refusing =
    <Args extends unknown[], Result>(syscall: string, call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      state.writes++;
      if (isFull()) throw full(syscall);
      return call(...args);
    };
  return { state, isFull, full, refusing };
});

vi.mock("node:fs", async (importActual) => {
  const actual = await importActual<typeof import("node:fs")>();
  return {
    ...actual,
    openSync: (path: string, flags: string) =>
      flags.startsWith("r") ? actual.openSync(path, flags) : disk.refusing("open", actual.openSync)(path, flags),
    writeFileSync: disk.refusing("write", actual.writeFileSync),
    renameSync: disk.refusing("rename", actual.renameSync),
    // A disk that fills up takes the first half of what is written.
    writeSync: (fd: number, content: string | Uint8Array, offset = 0) => {
      const bytes = Buffer.from(content as Uint8Array);
      disk.state.writes++;
      if (!disk.isFull()) return actual.writeSync(fd, bytes, offset);
      if (offset > 0 || bytes.length < 2) throw disk.full("write");
      return actual.writeSync(fd, bytes, 0, bytes.length >> 1);
    },
    fsync: (fd: number, done: (error: Error | null) => void) => {
      disk.state.writes++;
      if (disk.isFull()) done(disk.full("fsync"));
      else actual.fsync(fd, done);
    },
  };
});

vi.mock("node:fs/promises", async (importActual) => {
  const actual = await importActual<typeof import("node:fs/promises")>();
  const refusing =
    <Args extends unknown[], Result>(syscall: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> =>
      disk.refusing(syscall, call)(...args);
  return {
    ...actual,
    mkdir: refusing("mkdir", actual.mkdir),
    symlink: refusing("symlink", actual.symlink),
    rename: refusing("rename", actual.rename),
    writeFile: refusing("write", actual.writeFile),
    open: async (path: string, flags: string) => {
      if (flags === "r") return actual.open(path, flags);
      const file = await refusing("open", actual.open)(path, flags);
      file.writeFile = refusing("write", file.writeFile.bind(file)) as typeof file.writeFile;
      return file;
    },
  };
});

let store: string;
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), "keelhaul-full-disk-"));
});
afterEach(() => {
  Object.assign(disk.state, { refuseFrom: Infinity, refuseTo: Infinity });
  rmSync(store, { recursive: true, force: true });
});

/** Writes that the run made, and what came of it. */
async function run(refuseFrom: number, refuseTo: number): Promise<{ writes: number; outcome: Outcome | UsageError }> {
  const load = { timeLimit: "200ms", rate: 20, concurrency: "2" };
  const plan = makePlan({ system: "memory", backend: "sim", nodes: 2, store, ...load }, 1);
  Object.assign(disk.state, { writes: 0, failures: 0, refuseFrom, refuseTo });
  const controls = { signal: new AbortController().signal, tell: () => {}, startedAt: new Date(), watched: false };
  const outcome = await runAndReport(plan, controls).catch((error: unknown) => {
    if (error instanceof UsageError) return error;
    throw error;
  });
  const { writes } = disk.state;
  Object.assign(disk.state, { refuseFrom: Infinity, refuseTo: Infinity });
  return { writes, outcome };
}

/** What must hold of a run, whichever of its writes failed. */
function expectSound(outcome: Outcome | UsageError, n: number): void {
  if (outcome instanceof UsageError) {
    expect(outcome.message, `write ${n}`).toMatch(/--store.*no space is left on the device/);
    const runs = existsSync(join(store, "register")) ? readdirSync(join(store, "register")) : [];
    const whole = runs.filter((time) => existsSync(join(store, "register", time, "test.json")));
    expect(runs, `write ${n} leaves no half-made run`).toEqual(whole);
    return;
  }
  const { results, folder, report } = outcome;
  const said = [results.summary, ...results.warnings].join("\n");
  // A write that took half of its bytes, and then the rest, lost nothing.
  if (disk.state.failures > 0) expect(said, `write ${n}`).toMatch(/no space (is )?left on (the )?device/);
  const events = [...openHistory(folder)];
  const isWhole = events.some(({ value }) => (value as { phase?: string } | null)?.phase === "final-reads");
  const lost = results.inconclusive?.some(({ code }) => code === "history-lost") ?? false;
  expect(exitCodes[results.verdict], `write ${n}: ${said}`).toBe(lost ? exitCodes.unknown : exitCodes.valid);
  if (!lost) expect(isWhole, `write ${n}`).toBe(true);
  expect(report === null || existsSync(report), `write ${n}`).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes(".part"))).toEqual([]);
  expect(results.operations.ok, `write ${n}: what is recorded is judged`).toBe(
    events.filter(({ process, type }) => typeof process === "number" && type === "ok").length,
  );
}

describe("whatever write fails, the run ends with a reason, and what is recorded is judged", () => {
  test.each([
    ["the disk stays full", Infinity],
    ["there is space again", 1],
  ])("%s", { timeout: 600_000 }, async (_, refused) => {
    const { writes } = await run(Infinity, Infinity);
    expect(writes).toBeGreaterThan(20);
    for (let n = 1; n <= writes; n++) {
      const { outcome } = await run(n, n + refused);
      expectSound(outcome, n);
      rmSync(store, { recursive: true });
      mkdirSync(store);
    }
  });
});
