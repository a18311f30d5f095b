import { expect, test } from "vitest";
import type { Completion, HistoryEvent, Operation } from "../../history/event.ts";
import { sleepMs, wallClock } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { adapt } from "../../workloads/generators/adapt.ts";
import { each } from "../../workloads/generators/each.ts";
import type { Generator } from "../../workloads/generators/generator.ts";
import { phases } from "../../workloads/generators/phases.ts";
import { rate } from "../../workloads/generators/rate.ts";
import { createRecorder } from "./recorder.ts";
import { type Load, runLoad, type Worker } from "./scheduler.ts";

const writes = (count: number): Operation[] =>
  Array.from({ length: count }, (_, value) => ({ f: "write", key: "k", value }));

function worker(process: number, invoke: (operation: Operation) => Promise<Completion>): Worker {
  return { process, timeoutMs: 50, client: { invoke, close: () => {} } };
}

async function drive(workers: Worker[], changes: Partial<Load> = {}, clock = wallClock()): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const recorder = createRecorder(clock, { write: (event) => void events.push(event), flush: () => {} }, []);
  const load: Load = {
    generator: each(writes(6)),
    workers,
    concurrency: workers.length,
    untilNs: 5e9,
    pickFree: () => 0,
    signal: new AbortController().signal,
    ...changes,
  };
  await runLoad(load, clock, recorder);
  return events;
}

const ok = async (): Promise<Completion> => ({ type: "ok", node: "n1" });

test("every invocation is completed before the load ends, in increasing order of index and time", async () => {
  const events = await drive([worker(0, ok), worker(1, ok)]);
  expect(events.filter(({ type }) => type === "invoke")).toHaveLength(6);
  expect(events.filter(({ type }) => type === "ok")).toHaveLength(6);
  expect(events.map(({ index }) => index)).toEqual(events.map((_, place) => place));
  expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).sort((a, b) => a - b));
});

test("a process whose outcome is unknown is retired, and its client goes on as process + concurrency", async () => {
  const unknown = async (): Promise<Completion> => ({ type: "info", error: "timeout" });
  const events = await drive([worker(0, unknown), worker(1, unknown)], { pickFree: () => 0 });
  const processes = events.filter(({ type }) => type === "info").map(({ process }) => process);
  expect(new Set(processes).size).toBe(processes.length);
  expect(processes).toEqual(expect.arrayContaining([0, 2, 1, 3]));
});

test("a client that throws leaves the outcome unknown, never failed", async () => {
  const events = await drive([worker(0, () => Promise.reject(new Error("boom")))], { generator: each(writes(1)) });
  expect(events.at(-1)).toMatchObject({ type: "info", error: "client-error", detail: "boom" });
});

test("a client that never answers is reported as stuck instead of hanging the run", async () => {
  const events = await drive([worker(0, () => new Promise(() => {}))], { generator: each(writes(1)) });
  expect(events.at(-1)).toMatchObject({ type: "info", error: "client-stuck" });
});

test("after the time is up nothing is invoked, and what is under way is waited for", async () => {
  const slow = (): Promise<Completion> => new Promise((resolve) => setTimeout(() => resolve({ type: "ok" }), 40));
  const events = await drive([worker(0, slow)], { untilNs: 10e6, generator: each(writes(100)) });
  expect(events.map(({ type }) => type)).toEqual(["invoke", "ok"]);
});

test("an abort ends the load early", async () => {
  const controller = new AbortController();
  const abortingClient = async (): Promise<Completion> => {
    controller.abort();
    return { type: "ok" };
  };
  const events = await drive([worker(0, abortingClient)], { signal: controller.signal });
  expect(events).toHaveLength(2);
});

test("what is due together is in the history, with one write, before a client sends any of it", async () => {
  const steps: string[] = [];
  const clock = wallClock();
  const sink = {
    write: ({ type, value }: HistoryEvent) => void steps.push(`${type} ${value}`),
    flush: () => void steps.push("flush"),
  };
  const sending = async ({ value }: Operation): Promise<Completion> => {
    steps.push(`send ${value}`);
    return { type: "ok" };
  };
  const load = { generator: each(writes(2)), workers: [worker(0, sending), worker(1, sending)], concurrency: 2 };
  const until = { untilNs: 5e9, pickFree: () => 0, signal: new AbortController().signal };
  await runLoad({ ...load, ...until }, clock, createRecorder(clock, sink, []));
  expect(steps.slice(0, 5)).toEqual(["invoke 0", "invoke 1", "flush", "send 0", "send 1"]);
});

test("a history that cannot be written ends the load with that error, and nothing is sent", async () => {
  const refuse = (): never => {
    throw new Error("no space left on device");
  };
  const recorder = createRecorder(wallClock(), { write: () => {}, flush: refuse }, []);
  let sent = 0;
  const ok = async (): Promise<Completion> => {
    sent++;
    return { type: "ok" };
  };
  const signal = new AbortController().signal;
  const load = { generator: each(writes(9)), workers: [worker(0, ok)], concurrency: 1, untilNs: 5e9, signal };
  await expect(runLoad({ ...load, pickFree: () => 0 }, wallClock(), recorder)).rejects.toThrow("no space left");
  expect(sent).toBe(0);
});

test("an operation that had to wait for a free client says when it was due, and what was missed is made up for", async () => {
  const slow = (): Promise<Completion> => new Promise((resolve) => setTimeout(() => resolve({ type: "ok" }), 30));
  const events = await drive([worker(0, slow)], { generator: rate(100, each(writes(4))) });
  const invoked = events.filter(({ type }) => type === "invoke");
  expect(invoked).toHaveLength(4);
  expect(invoked[0]).not.toHaveProperty("intendedNs");
  const due = invoked.slice(1).map(({ intendedNs }) => intendedNs!);
  for (const [place, { time }] of invoked.slice(1).entries()) expect(due[place]).toBeLessThan(time);
  expect(due[1]! - due[0]!).toBe(10e6);
  expect(due[2]! - due[1]!).toBe(10e6);
});

test("no operation is invoked more than a timer's breadth before it is due", async () => {
  const events = await drive([worker(0, ok), worker(1, ok)], { generator: rate(200, each(writes(6))) });
  const invoked = events.filter(({ type }) => type === "invoke");
  for (const [place, { time }] of invoked.entries()) expect(time).toBeGreaterThan(place * 5e6 - 2e6);
});

test("a wait for less than a sum of times can hold is over all the same", async () => {
  const untilNs = 150_000_000.000_000_03;
  const waiting: Generator = {
    next: ({ timeNs }) => (timeNs < untilNs ? { type: "pending", untilNs } : null),
    hear: () => waiting,
  };
  const time = new VirtualTime();
  await time.run(async () => {
    await sleepMs(time, 2207);
    await drive([worker(0, ok)], { generator: waiting }, time);
  });
  expect(time.nowNs()).toBe(2_357_000_001);
});

test("the next phase begins when everything before it has been answered", async () => {
  const events = await drive([worker(0, ok), worker(1, ok)], {
    generator: phases(each(writes(3)), each([{ f: "read", key: "k", value: null }])),
  });
  expect(events.map(({ type, f }) => `${type} ${f}`).slice(-2)).toEqual(["invoke read", "ok read"]);
  expect(events).toHaveLength(8);
});

test("a generator hears of every event, and what it answers goes on", async () => {
  const failing = async (): Promise<Completion> => ({ type: "fail", error: "not-leader" });
  const events = await drive([worker(0, failing)], {
    generator: adapt(each(writes(50)), (event, rest) => (event.type === "fail" ? each([]) : rest)),
  });
  expect(events.map(({ type }) => type)).toEqual(["invoke", "fail"]);
});

test("a generator that chooses a process that is not free fails the load instead of spoiling the history", async () => {
  const wrong: Generator = {
    next: ({ timeNs }) => ({ type: "offer", operation: { f: "read" }, process: 7, atNs: timeNs, rest: wrong }),
    hear: () => wrong,
  };
  await expect(drive([worker(0, ok)], { generator: wrong })).rejects.toThrow("process 7, which is not free");
});
