import { expect, it } from "vitest";
import { linearizable } from "../search/linearizable.ts";
import { stepHistory } from "../test-support/step-history.ts";
import { type ModelName, models } from "./registry.ts";

/** Of every model, histories with one thing wrong in them each, and how that is told. */
const planted: Readonly<Record<ModelName, readonly (readonly [history: string, sentence: string])[]>> = {
  register: [
    [
      `write 1; write 2; read -> 1`,
      "process 2 read 1 by 0.05 s, but no order allows that: orders that explain all before it lead to where the register holds 2",
    ],
    [
      `write 1 ?; read -> 1; read -> null`,
      "process 2 read no value by 0.05 s, but no order allows that: orders that explain all before it lead to where the register holds 1",
    ],
    [
      `write 1 ?; write 2; read -> 2; read -> 1; read -> 2`,
      "process 4 read 2 by 0.09 s, but no order allows that: orders that explain all before it lead to where the register holds 1",
    ],
    [`write 1; write 2 !timeout; read -> 2`, "process 2 read 2 by 0.05 s, but nobody wrote 2"],
  ],
  "cas-register": [
    [
      `write 1; cas [1,2] & cas [1,3]; read -> 3`,
      "process 2 changed 1 to 3 by 0.05 s, but no order allows that: orders that explain all before it lead to where the register holds 2",
    ],
    [
      `write 1; cas [2,3] !cas-mismatch; cas [1,2] !cas-mismatch`,
      "process 2 was refused to change 1 to 2 by 0.05 s, but no order allows that: orders that explain all before it lead to where the register holds 1",
    ],
    [
      `cas [null,1] ?; read -> 1; write 2; cas [1,2]`,
      "process 3 changed 1 to 2 by 0.07 s, but no order allows that: orders that explain all before it lead to where the register holds 2",
    ],
    [
      `write 1; cas [1,2] ?; read -> 2; read -> 1`,
      "process 3 read 1 by 0.07 s, but no order allows that: orders that explain all before it lead to where the register holds 2",
    ],
  ],
  "multi-register": [
    [
      `txn [["w","x",1],["w","y",1]]; txn [["r","x",null],["r","y",null]] -> [["r","x",1],["r","y",null]]`,
      "process 1 did read 1 from x, read no value from y by 0.03 s, but no order allows that: orders that explain all before it lead to where x holds 1, y holds 1",
    ],
    [
      `txn [["w","x",1]] & txn [["w","y",1]]; txn [["r","x",null]] -> [["r","x",1]]; txn [["r","y",null]] -> [["r","y",null]]`,
      "process 3 did read no value from y by 0.07 s, but no order allows that: orders that explain all before it lead to where y holds 1",
    ],
    [
      `txn [["w","x",1],["w","y",2]] ?; txn [["r","y",null]] -> [["r","y",2]]; txn [["r","x",null]] -> [["r","x",null]]`,
      "process 2 did read no value from x by 0.05 s, but no order allows that: orders that explain all before it lead to where x holds 1, y holds 2",
    ],
  ],
  mutex: [
    [
      `acquire; acquire`,
      "process 1 acquired the lock by 0.03 s, but no order allows that: orders that explain all before it lead to where the lock is held",
    ],
    [
      `acquire; release; release`,
      "process 2 released the lock by 0.05 s, but no order allows that: orders that explain all before it lead to where the lock is free",
    ],
    [
      `acquire ?; acquire; release; acquire; acquire`,
      "process 4 acquired the lock by 0.09 s, but no order allows that: orders that explain all before it lead to where the lock is held",
    ],
  ],
  "reentrant-mutex": [
    [
      `acquire 7; acquire 7; release 7; acquire 8`,
      "process 3 acquired the lock for 8 by 0.07 s, but no order allows that: orders that explain all before it lead to where the lock is held by 7, once",
    ],
    [
      `acquire 7; release 7; release 7`,
      "process 2 released the lock for 7 by 0.05 s, but no order allows that: orders that explain all before it lead to where the lock is free",
    ],
  ],
  "fenced-mutex": [
    [
      `acquire 7 -> [7,3]; release 7; acquire 8 -> [8,3]`,
      "process 2 acquired the lock for 8 with token 3 by 0.05 s, but no order allows that: orders that explain all before it lead to where the lock is free, its last token is 3",
    ],
    [
      `acquire {"client":"a"} -> {"client":"a","fence":3}; acquire {"client":"b"} -> {"client":"b","fence":4}`,
      'process 1 acquired the lock for "b" with token 4 by 0.03 s, but no order allows that: orders that explain all before it lead to where the lock is held by "a", its last token is 3',
    ],
    [
      `acquire 7 ?; release 7; acquire 8 -> [8,3]; release 8; acquire 9 -> [9,2]`,
      "process 4 acquired the lock for 9 with token 2 by 0.09 s, but no order allows that: orders that explain all before it lead to where the lock is free, its last token is 3",
    ],
    [
      `acquire 7 ?; release 7; release 8`,
      "process 2 released the lock for 8 by 0.05 s, but no order allows that: orders that explain all before it lead to where the lock is free",
    ],
  ],
  semaphore: [
    [
      `acquire 7; acquire 7; acquire 8`,
      "process 2 acquired a permit for 8 by 0.05 s, but no order allows that: orders that explain all before it lead to where 2 of 2 permits are held, by 7, 7",
    ],
    [
      `acquire 7; release 8`,
      "process 1 released a permit for 8 by 0.03 s, but no order allows that: orders that explain all before it lead to where 1 of 2 permits are held, by 7",
    ],
  ],
  set: [
    [
      `add 1; add 2; read -> [1]`,
      "process 2 read [1] by 0.05 s, but no order allows that: orders that explain all before it lead to where the set holds 1, 2",
    ],
    [
      `add 1; remove 1; read -> [1]`,
      "process 2 read [1] by 0.05 s, but no order allows that: orders that explain all before it lead to where the set holds nothing",
    ],
    [
      `add 1 & add 2; read -> [1,2]; read -> [2]`,
      "process 3 read [2] by 0.07 s, but no order allows that: orders that explain all before it lead to where the set holds 1, 2",
    ],
    [
      `add 1 ?; read -> [1]; read -> []`,
      "process 2 read [] by 0.05 s, but no order allows that: orders that explain all before it lead to where the set holds 1",
    ],
    [`add 1; read -> [1,3]`, "process 1 read [1,3] by 0.03 s, but nobody added 3"],
  ],
  counter: [
    [`add 2; add 3; read -> 2`, "process 2 read 2 by 0.05 s, but the counter stood at at least 5 then"],
    [
      `incr 1 -> 1 & incr 1 -> 1`,
      "process 1 added 1 and got 1 by 0.03 s, but another increment was answered 1 as well: one of them was lost",
    ],
    [
      `add 2 ?; read -> 2; read -> 0`,
      "process 2 read 0 by 0.05 s, but the counter had stood at 2 before, and nothing was ever subtracted",
    ],
    [`add 2 ?; add 5; read -> 9`, "process 2 read 9 by 0.05 s, but the counter stood at at most 7 then"],
  ],
  "fifo-queue": [
    [
      `enqueue 1; enqueue 2; dequeue -> 2`,
      "process 2 dequeued 2 by 0.05 s, but 1 had been enqueued before 2, and never came out",
    ],
    [
      `enqueue 1; dequeue -> 1; dequeue -> 1`,
      "process 2 dequeued 1 by 0.05 s, but 1 was dequeued more often than it was enqueued",
    ],
    [
      `enqueue 1 & enqueue 2; dequeue -> 1; dequeue -> null`,
      "process 3 found the queue empty by 0.07 s, but 2 had been enqueued before, and never came out",
    ],
    [
      `enqueue 1; dequeue -> null`,
      "process 1 found the queue empty by 0.03 s, but 1 had been enqueued before, and never came out",
    ],
  ],
  "unordered-queue": [
    [
      `enqueue 1; dequeue -> 1; dequeue -> 1`,
      "process 2 dequeued 1 by 0.05 s, but 1 was dequeued more often than it was enqueued",
    ],
    [
      `enqueue 1; enqueue 1; dequeue -> null`,
      "process 2 found the queue empty by 0.05 s, but no order allows that: orders that explain all before it lead to where the queue holds 1, 1",
    ],
    [
      `enqueue 1 ?; enqueue 2; dequeue -> 1; dequeue -> 2; dequeue -> 2`,
      "process 4 dequeued 2 by 0.09 s, but 2 was dequeued more often than it was enqueued",
    ],
    [`enqueue 1; dequeue -> 7`, "process 1 dequeued 7 by 0.03 s, but nobody enqueued 7"],
  ],
  stack: [
    [
      `push 1; push 2; pop -> 1; pop -> 2`,
      "process 2 popped 1 by 0.05 s, but 2 had been pushed on it, and was popped only after that",
    ],
    [
      `push 1; pop -> null`,
      "process 1 found the stack empty by 0.03 s, but 1 had been pushed before, and never came off",
    ],
    [
      `push 1 & push 1; push 2; pop -> 1; pop -> 2`,
      "process 3 popped 1 by 0.07 s, but no order allows that: orders that explain all before it lead to where the stack holds 1, 1, 2",
    ],
    [`pop -> 1; push 1`, "process 0 popped 1 by 0.01 s, but 1 was pushed only after that"],
  ],
  "kv-string": [
    [
      `append "a"; append "b"; get -> "ba"`,
      'process 2 read "ba" by 0.05 s, but no order allows that: orders that explain all before it lead to where the key holds "ab"',
    ],
    [
      `put "a" & append "b"; get -> "ab"; get -> "a"`,
      'process 3 read "a" by 0.07 s, but no order allows that: orders that explain all before it lead to where the key holds "ab"',
    ],
    [
      `append "a" ?; append "b"; get -> "ab"; get -> "b"`,
      'process 3 read "b" by 0.07 s, but no order allows that: orders that explain all before it lead to where the key holds "ab"',
    ],
    [
      `put "a"; append "b"; append "b" ?; get -> "abbb"`,
      'process 3 read "abbb" by 0.07 s, but no order allows that: orders that explain all before it lead to where the key holds "ab", or the key holds "abb"',
    ],
  ],
};

const each = Object.entries(planted).flatMap(([model, histories]) =>
  histories.map((one) => [model as ModelName, ...one] as const),
);

it.each(each)("no %s allows %s", (name, history, sentence) => {
  const { verdict, violations } = linearizable(models[name].create()).check(stepHistory(history));
  expect(verdict).toBe("invalid");
  expect(violations.map((violation) => violation.sentence)).toEqual([sentence]);
});

/** The last answer of each of these is explained by what is unknown or runs at the same time. */
const explained: readonly (readonly [model: ModelName, history: string])[] = [
  ["register", `write 1 ?; write 2; read -> 2; read -> 1`],
  ["cas-register", `write 1; cas [1,2] & cas [2,1] & cas [1,3]; read -> 3`],
  ["multi-register", `txn [["w","x",1]] & txn [["r","x",null]] -> [["r","x",null]]`],
  ["mutex", `acquire; release ?; acquire`],
  ["set", `add 1 ?; read -> []; read -> [1]`],
  ["counter", `add 2 ?; read -> 0; read -> 2`],
  ["fifo-queue", `enqueue 1 & enqueue 2; dequeue -> 2; dequeue -> 1`],
  ["unordered-queue", `enqueue 1; enqueue 2; dequeue -> 2`],
  ["stack", `push 1; push 2; pop -> 2; pop -> 1`],
  ["kv-string", `append "a" ?; append "b"; get -> "b"; get -> "ba"`],
];

it.each(explained)("a %s allows %s", (name, history) => {
  expect(linearizable(models[name].create()).check(stepHistory(history)).verdict).toBe("valid");
});
