import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { wallClock } from "../../../time/clock.ts";
import type { Event } from "../core/events.ts";
import { rules } from "../core/rules.ts";
import { startState } from "../core/state.ts";
import { KvStore } from "../kv/store.ts";
import { Driver } from "./driver.ts";
import { duties } from "./duties.ts";
import { knobsSchema } from "./knobs.ts";
import { createMetrics } from "./metrics.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A driver whose core only notes what it is told. */
function driverWith(batchWindowMs: number): { driver: Driver; told: string[] } {
  const told: string[] = [];
  const bootstrap = { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };
  const disk = { hard: { term: 0, votedFor: null }, entries: [], snapshot: null };
  const state = startState(
    { id: "n1", bootstrap, leaseReads: false, ...knobsSchema.parse({}) },
    disk,
    { now: 0, random: 0, run: 0 },
    rules,
  );
  const driver = new Driver({
    state,
    rules,
    duties,
    step: (_state, event) => {
      told.push(summary(event));
      return [];
    },
    readMode: "read-index",
    batchWindowMs,
    store: new KvStore(),
    restoreStore: () => Promise.resolve(new KvStore()),
    snapshotEntries: 10_000,
    snapshots: { take: () => undefined, send: () => undefined, tick: () => undefined },
    transport: { send: () => undefined, tick: () => undefined, close: () => undefined, dropped: () => 0 },
    addressBook: new Set(["n1"]),
    appendToLog: () => undefined,
    compactLog: () => undefined,
    clock: wallClock(),
    eventTimeMs: () => performance.now(),
    random: () => 0,
    log: pino({ level: "silent" }),
    metrics: createMetrics({
      state: () => state,
      droppedMessages: () => 0,
      walBytes: () => 0,
      loopDelay: () => ({ p50: 0, p99: 0, max: 0 }),
    }),
    onBug: (cause) => {
      throw cause;
    },
    onStorageError: (cause) => {
      throw cause;
    },
  });
  return { driver, told };
}

function summary(event: Event): string {
  if (event.type === "propose") return `propose ${event.proposals.length}`;
  return event.type === "read" ? `read ${event.refs.length} by ${event.mode}` : event.type;
}

const write = { command: Uint8Array.of(0xc0) };
const ignore = (): void => undefined;

test("what clients ask in one turn of the event loop is handed to the core together, behind what came before", () => {
  const { driver, told } = driverWith(0);
  driver.persisted(1);
  for (let i = 0; i < 3; i++) driver.submit(write, ignore);
  driver.submit({ read: "k" }, ignore);
  driver.submit({ read: "k" }, ignore);
  driver.submit({ read: "k" }, ignore, "local");
  expect(told).toEqual([]);
  vi.runAllTimers();
  expect(told).toEqual(["persisted", "propose 3", "read 2 by read-index", "read 1 by local"]);
});

test("commands wait for the batch window from the first of them on, and nothing else does", () => {
  const { driver, told } = driverWith(5);
  driver.submit(write, ignore);
  vi.advanceTimersByTime(3);
  driver.submit(write, ignore);
  driver.submit({ read: "k" }, ignore);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(["read 1 by read-index"]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(["read 1 by read-index", "propose 2"]);
  driver.submit(write, ignore);
  vi.advanceTimersByTime(5);
  expect(told.at(-1)).toBe("propose 1");
});

test("a tick comes behind the messages that arrived before it", () => {
  const { driver, told } = driverWith(0);
  driver.receive("n2", { type: "request-vote-reply", term: 1, granted: true });
  driver.tick();
  expect(told).toEqual(["receive", "tick"]);
});

test("a driver that was stopped tells the core nothing more", () => {
  const { driver, told } = driverWith(0);
  driver.submit(write, ignore);
  driver.stop();
  vi.runAllTimers();
  expect(told).toEqual([]);
});
