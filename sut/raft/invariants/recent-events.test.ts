import { expect, test } from "vitest";
import type { Entry } from "../core/types.ts";
import { RecentEvents } from "./recent-events.ts";

test("the last ones are recorded, oldest first, with the time where it is known", () => {
  const recent = new RecentEvents(2);
  recent.add(1, null, "n1", { type: "start" });
  recent.add(5, 1_250_000_000, "n2", { type: "crash" });
  recent.add(6, null, "n1", { type: "durable", write: 3 });
  expect(recent.records()).toEqual([
    { step: 5, timeNs: 1_250_000_000, node: "n2", event: { type: "crash" }, effects: [] },
    { step: 6, node: "n1", event: { type: "durable", write: 3 }, effects: [] },
  ]);
});

test("a step of a core is recorded without the content of its entries", () => {
  const recent = new RecentEvents(1);
  const entries = [4, 5].map(
    (index): Entry => ({ index, term: 2, kind: "command", command: new Uint8Array(9), bytes: 9 }),
  );
  const message = { type: "append-entries", term: 2, prev: { index: 3, term: 1 }, entries, leaderCommit: 3, round: 1 };
  recent.add(9, null, "n1", {
    event: { type: "propose", now: 0, proposals: [] },
    effects: [
      { type: "persist", io: 7, append: entries },
      { type: "send", to: "n2", message: { ...message, type: "append-entries" } },
    ],
  });
  const [first, last] = [4, 5].map((index) => ({ index, term: 2, kind: "command" }));
  expect(recent.records()[0]).toMatchObject({
    event: { type: "propose", commands: 0 },
    effects: [
      { type: "persist", write: 7, append: { first, last } },
      {
        type: "send",
        to: "n2",
        message: { type: "append-entries", term: 2, prev: { index: 3, term: 1 }, entries: 2, commitIndex: 3 },
      },
    ],
  });
  expect(JSON.stringify(recent.records())).not.toContain('"command":');
});
