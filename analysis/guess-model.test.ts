import { expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { ModelGuess } from "./guess-model.ts";

/** One process's operations, each answered: what it was asked, and what it heard. */
function guess(
  ...operations: (readonly [f: string, asked: unknown, answer?: unknown])[]
): ReturnType<ModelGuess["model"]> {
  const seen = new ModelGuess();
  for (const [at, [f, asked, answer = asked]] of operations.entries()) {
    const common = { process: 0, f } as const;
    const events: HistoryEvent[] = [
      { index: 2 * at, time: at, type: "invoke", ...common, value: asked },
      { index: 2 * at + 1, time: at, type: "ok", ...common, value: answer },
    ];
    for (const event of events) seen.see(event);
  }
  return seen.model();
}

test.each<[string, Parameters<typeof guess>, RegExp, string[]]>([
  [
    "a list read of a register",
    [
      ["write", 1],
      ["read", null, [1]],
    ],
    /a read answers \[1\], which nobody wrote/,
    ["--checker long-fork", "--checker causal-reverse", "--model register", "--model cas-register"],
  ],
  [
    "an object read of a register",
    [
      ["write", 1],
      ["read", null, { a: 1 }],
    ],
    /a read answers \{"a":1\}/,
    ["--checker long-fork", "--checker causal-reverse", "--model register", "--model cas-register"],
  ],
  [
    "a list from a queue",
    [
      ["enqueue", 1],
      ["dequeue", null, [1]],
    ],
    /a read answers \[1\]/,
    ["--checker queue", "--checker fifo"],
  ],
  [
    "steps under read and write",
    [
      ["write", [["w", 0, 1]]],
      [
        "read",
        null,
        [
          ["r", 0, 1],
          ["r", 1, null],
        ],
      ],
    ],
    /lists of steps/,
    ["--checker long-fork"],
  ],
  [
    "steps as keywords",
    [
      ["write", [[":w", 0, 1]]],
      ["read", null, [[":r", 0, 1]]],
    ],
    /lists of steps/,
    ["--checker long-fork"],
  ],
  [
    "a cas of one value",
    [
      ["cas", 1],
      ["read", null, 1],
    ],
    /a cas does not name two values: 1/,
    ["--model cas-register"],
  ],
  [
    "numbers and lists of one set",
    [
      ["add", 1],
      ["read", null, [1]],
      ["read", null, 1],
    ],
    /numbers and with other values/,
    ["--checker set-full", "--checker counter", "--checker monotonic", "--checker pn-counter"],
  ],
  [
    "text read of a set",
    [
      ["add", 1],
      ["read", null, "x"],
    ],
    /a set does not answer with a list/,
    ["--checker set-full", "--checker counter", "--checker monotonic", "--checker pn-counter"],
  ],
  [
    "numbers read of a text",
    [
      ["put", "a"],
      ["get", null, 1],
    ],
    /does not answer with text/,
    ["--model kv-string"],
  ],
  [
    "steps that no model knows",
    [["txn", [["insert", "x", 1]]]],
    /all steps of its transactions \(insert\)/,
    ["--model list-append", "--model rw-register", "--model multi-register"],
  ],
  [
    "a queue that is drained",
    [
      ["enqueue", 1],
      ["drain", null, [1]],
    ],
    /\(enqueue, drain\)/,
    ["--checker queue", "--checker fifo"],
  ],
  [
    "a bank",
    [
      ["transfer", { from: 0, to: 1, amount: 1 }],
      ["read", null, { 0: 1, 1: 2 }],
    ],
    /\(transfer, read\)/,
    ["--checker bank"],
  ],
  ["identifiers", [["generate", null, 7]], /\(generate\)/, ["--checker unique-ids"]],
  [
    "lists read of keys that nobody appends to",
    [["txn", [["r", "x", [1]]]]],
    /a read answers \[1\], which nobody wrote/,
    ["--model list-append", "--model rw-register", "--model multi-register"],
  ],
  [
    "what nobody knows",
    [
      ["publish", 1],
      ["consume", null, 1],
    ],
    /\(publish, consume\)/,
    [],
  ],
])("no model is guessed for %s", (_, operations, why, options) => {
  expect(guess(...operations)).toEqual({ why: expect.stringMatching(why), options });
});

test.each<[string, Parameters<typeof guess>]>([
  [
    "registers",
    [
      ["write", [1, 4]],
      ["cas", [1, [4, 6]]],
      ["read", null, [1, 6]],
    ],
  ],
  [
    "registers under texts",
    [
      ["write", ["x", "a"]],
      ["read", null, ["x", "a"]],
    ],
  ],
  [
    "sets",
    [
      ["add", [1, 4]],
      ["read", null, [1, [4]]],
    ],
  ],
  [
    "queues",
    [
      ["enqueue", [1, 4]],
      ["dequeue", null, [1, 4]],
    ],
  ],
])("pairs of key and value are recognized: %s", (_, operations) => {
  expect(guess(...operations)).toEqual({
    why: expect.stringMatching(/every value is a pair/),
    options: expect.arrayContaining(["--independent"]),
  });
});

test.each<[string, Parameters<typeof guess>, string]>([
  [
    "a register of lists",
    [
      ["write", [1, 2, 3]],
      ["read", null, [1, 2, 3]],
    ],
    "cas-register",
  ],
  [
    "a register of objects",
    [
      ["write", { a: 1 }],
      ["read", null, { a: 1 }],
    ],
    "cas-register",
  ],
  [
    "a compare-and-set without keys",
    [
      ["cas", [1, 2]],
      ["read", null, 2],
    ],
    "cas-register",
  ],
  [
    "a set of pairs",
    [
      ["add", [1, 4]],
      ["add", [1, 5]],
      [
        "read",
        null,
        [
          [1, 4],
          [1, 5],
        ],
      ],
    ],
    "set",
  ],
  [
    "registers of lists",
    [
      ["txn", [["w", "x", [1]]]],
      ["txn", [["r", "x", [1]]]],
    ],
    "rw-register",
  ],
  [
    "a counter beyond 2^53",
    [
      ["incr", 1],
      ["read", null, "9007199254740993N"],
    ],
    "counter",
  ],
  [
    "a set that is told as one",
    [
      ["add", 1],
      ["read", null, { "#{}": [1] }],
    ],
    "set",
  ],
])("a model is guessed for %s", (_, operations, model) => expect(guess(...operations)).toBe(model));

test("a checker is guessed for operations, or steps of them, that no other knows", () => {
  expect(guess(["send", [["send", "k", 1]]], ["poll", [["poll"]]])).toEqual({ checker: "kafka" });
  expect(guess(["txn", [["send", "k", 1], ["poll"]]])).toEqual({ checker: "kafka" });
  expect(guess(["send", [["send", "k", 1]]], ["write", 1])).toMatchObject({ options: [] });
});
