import { expect, test } from "vitest";
import type { StepEffect, StepEvent, StepMessage } from "../../../history/steps.ts";
import { effectsWords, eventWords } from "./stepWords.ts";

const receive = (message: StepMessage): StepEvent => ({ type: "receive", from: "n1", message });
const at = (index: number, term: number) => ({ index, term });

test.each<readonly [string, StepEvent]>([
  ["starts", { type: "start" }],
  ["reads its clock", { type: "tick" }],
  ["receives 1 command from clients", { type: "propose", commands: 1 }],
  ["receives 3 reads from clients (lease)", { type: "read", reads: 3, mode: "lease" }],
  ["learns that write 4 is durable", { type: "persisted", write: 4 }],
  ["could not send n2 a snapshot up to 9", { type: "snapshot-failed", to: "n2", index: 9 }],
  [
    "receives from n1 append-entries of term 3: 2 entries, after 4@2, commit 4",
    receive({ type: "append-entries", term: 3, prev: at(4, 2), entries: 2, commitIndex: 4 }),
  ],
  [
    "receives from n1 append-rejected of term 3: not after 4, perhaps after 2@1",
    receive({ type: "append-rejected", term: 3, rejectedPrev: 4, hint: at(2, 1) }),
  ],
  ["receives from n1 timeout-now of term 3", receive({ type: "timeout-now", term: 3 })],
])("%s", (words, event) => {
  expect(eventWords(event)).toBe(words);
});

test("a change of role comes first, and what went to several nodes, or happened several times, once", () => {
  const vote = { type: "request-vote", term: 3, lastLog: at(3, 1) };
  const refused: StepEffect = { type: "reply", requests: 1, outcome: "not-leader" };
  const effects: readonly StepEffect[] = [
    { type: "persist", write: 2, term: 3, votedFor: "n1" },
    { type: "send", to: "n2", message: vote, after: 2 },
    { type: "send", to: "n3", message: vote, after: 2 },
    { type: "send", to: "n2", message: { type: "timeout-now", term: 3 } },
    ...[refused, refused],
    { type: "role", role: "candidate", term: 3, reason: "campaign" },
  ];
  expect(effectsWords(effects)).toEqual([
    "is candidate of term 3 (campaign)",
    "writes 2: term 3, vote n1",
    "sends to n2, n3 request-vote of term 3: log 3@1 after write 2",
    "sends to n2 timeout-now of term 3",
    "2 × answers 1 request with not-leader",
  ]);
});

test("a write names the entries that it replaces and holds", () => {
  const append = { first: { ...at(4, 1), kind: "noop" }, last: { ...at(6, 3), kind: "command" } };
  const persist: StepEffect = { type: "persist", write: 8, base: at(3, 1), truncateFrom: 4, append };
  expect(effectsWords([persist])).toEqual(["writes 8: a new log after 3@1, from 4 on, 4@1 noop to 6@3 command"]);
  expect(effectsWords([{ type: "apply", entries: null }])).toEqual(["applies nothing"]);
});

test("a step that this release does not know goes by its own name", () => {
  expect(eventWords(JSON.parse('{ "type": "rebalance" }') as StepEvent)).toBe("rebalance");
});
