import { expect, test } from "vitest";
import type { Completion, Operation } from "../history/event.ts";
import { wallClock } from "../time/clock.ts";
import { bank } from "./bank.ts";
import { lock } from "./lock.ts";
import { queue } from "./queue.ts";
import type { Workload } from "./workload.ts";

/** A client that gives these answers one after another, and notes what it was asked. */
function scripted(...answers: Completion[]) {
  const asked: Operation[] = [];
  const invoke = async (operation: Operation): Promise<Completion> => {
    asked.push(operation);
    return answers.shift() ?? { type: "fail", error: "cas-mismatch" };
  };
  return { asked, invoke };
}

const perform = (workload: Workload, client: ReturnType<typeof scripted>, operation: Operation) =>
  workload.perform!(client, operation, 60_000, wallClock());
const ok = (value: unknown): Completion => ({ type: "ok", value, node: "n1" });
const mismatch: Completion = { type: "fail", error: "cas-mismatch", node: "n1" };
const timeout: Completion = { type: "info", error: "timeout", node: "n1" };
const dequeue = { f: "dequeue", key: "q0", value: null };

test("a dequeue takes the first item, and tries again when somebody was faster", async () => {
  const client = scripted(ok([1, 2]), mismatch, ok([2]), ok([[2], []]));
  expect(await perform(queue, client, dequeue)).toEqual({ type: "ok", value: 2, node: "n1" });
  expect(client.asked.map(({ f }) => f)).toEqual(["read", "cas", "read", "cas"]);
  expect(client.asked[3]).toEqual({ f: "cas", key: "q0", value: [[2], []] });
});

test("an empty queue answers null, absent or not, and is not changed", async () => {
  for (const held of [null, []]) {
    const client = scripted(ok(held));
    expect(await perform(queue, client, dequeue)).toEqual({ type: "ok", value: null, node: "n1" });
    expect(client.asked).toHaveLength(1);
  }
});

test("a dequeue whose read is not answered certainly took nothing", async () => {
  expect(await perform(queue, scripted(timeout), dequeue)).toEqual({ type: "fail", error: "given-up", node: "n1" });
});

test("a dequeue whose change is not answered may have taken the item that it names", async () => {
  const outcome = await perform(queue, scripted(ok([1, 2]), timeout), dequeue);
  expect(outcome).toEqual({ type: "info", error: "timeout", node: "n1", value: 1 });
  const drain = { ...dequeue, f: "drain" };
  expect(await perform(queue, scripted(ok([1, 2]), timeout), drain)).toMatchObject({ type: "info", value: [1, 2] });
});

test("one that others are always faster than is given up, and certainly changed nothing", async () => {
  const answers = Array.from({ length: 40 }, (_, turn) => (turn % 2 === 0 ? ok([1]) : mismatch));
  expect(await perform(queue, scripted(...answers), dequeue)).toMatchObject({ type: "fail", error: "cas-mismatch" });
});

test("a transfer changes both accounts at once, and is refused where the account does not allow it", async () => {
  const transfer = { f: "transfer", value: { from: "a1", to: "a2", amount: 3 } };
  const balances = ok([
    ["r", "a1", 5],
    ["r", "a2", 7],
  ]);
  const client = scripted(balances, ok([]));
  expect(await perform(bank, client, transfer)).toMatchObject({ type: "ok" });
  expect(client.asked[1]?.value).toEqual([
    ["cas", "a1", [5, 2]],
    ["cas", "a2", [7, 10]],
  ]);
  const poor = scripted(
    ok([
      ["r", "a1", 2],
      ["r", "a2", 7],
    ]),
  );
  expect(await perform(bank, poor, transfer)).toMatchObject({ type: "fail", error: "insufficient-funds" });
  expect(poor.asked).toHaveLength(1);
});

test("a lock is taken from absent, and given back to absent", async () => {
  const client = scripted(ok([null, 7]), ok([7, null]), mismatch);
  expect(await perform(lock, client, { f: "acquire", key: "l0", value: 7 })).toMatchObject({ type: "ok", value: 7 });
  expect(await perform(lock, client, { f: "release", key: "l0", value: 7 })).toMatchObject({ type: "ok", value: 7 });
  expect(await perform(lock, client, { f: "acquire", key: "l0", value: 8 })).toMatchObject({ error: "cas-mismatch" });
  expect(client.asked.map(({ value }) => value)).toEqual([
    [null, 7],
    [7, null],
    [null, 8],
  ]);
});
