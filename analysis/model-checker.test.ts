import { describe, expect, it, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { type ChosenModelName, ModelFit, modelCheckerName, modelDescriptions } from "./chosen-model.ts";
import { ModelGuess } from "./guess-model.ts";
import { modelChecker } from "./model-checker.ts";
import { textHistory } from "./test-support/text-history.ts";

/** For every model a history that it accepts, and one that it refuses. */
const examples: Readonly<Record<ChosenModelName, { valid: string; invalid: string }>> = {
  register: {
    valid: "0 invoke write 1 \n 0 ok write 1 \n 0 invoke read \n 0 ok read 1",
    invalid: "0 invoke write 1 \n 0 ok write 1 \n 0 invoke read \n 0 ok read",
  },
  "cas-register": {
    valid: "0 invoke cas null>1 \n 0 ok cas null>1 \n 1 invoke cas 1>1 \n 1 ok cas 1>1",
    invalid: "0 invoke write 1 \n 0 ok write 1 \n 0 invoke write 1 \n 0 ok write 1 \n 1 invoke read \n 1 ok read 2",
  },
  "multi-register": {
    valid: '0 invoke txn [["w","x",1],["r","y",null]] \n 0 ok txn [["w","x",1],["r","y",null]]',
    invalid: '0 invoke txn [["w","x",1],["r","x",null]] \n 0 ok txn [["w","x",1],["r","x",2]]',
  },
  mutex: { valid: "0 invoke acquire \n 0 ok acquire", invalid: "0 invoke release \n 0 ok release" },
  "reentrant-mutex": {
    valid: "0 invoke acquire 7 \n 0 ok acquire 7 \n 0 invoke acquire 7 \n 0 ok acquire 7",
    invalid: "0 invoke acquire 7 \n 0 ok acquire 7 \n 1 invoke acquire 8 \n 1 ok acquire 8",
  },
  "fenced-mutex": {
    valid: "0 invoke acquire 7 \n 0 ok acquire [7,1] \n 0 invoke release 7 \n 0 ok release 7",
    invalid: "0 invoke release 7 \n 0 ok release 7",
  },
  semaphore: {
    valid: "0 invoke acquire 7 \n 0 ok acquire 7 \n 1 invoke acquire 8 \n 1 ok acquire 8",
    invalid: "0 invoke release 7 \n 0 ok release 7",
  },
  set: {
    valid: "0 invoke add 1 \n 0 ok add 1 \n 0 invoke read \n 0 ok read [1]",
    invalid: "0 invoke add 1 \n 0 ok add 1 \n 0 invoke remove 1 \n 0 ok remove 1 \n 0 invoke read \n 0 ok read [1]",
  },
  counter: {
    valid: "0 invoke add 2 \n 0 ok add 2 \n 0 invoke read \n 0 ok read 2",
    invalid: "0 invoke add 2 \n 0 ok add 2 \n 0 invoke read \n 0 ok read 1",
  },
  "fifo-queue": {
    valid: "0 invoke enqueue 1 \n 0 ok enqueue 1 \n 0 invoke dequeue \n 0 ok dequeue 1",
    invalid: "0 invoke enqueue 1 \n 0 ok enqueue 1 \n 0 invoke dequeue \n 0 ok dequeue 2",
  },
  "unordered-queue": {
    valid: "0 invoke enqueue 1 \n 0 ok enqueue 1 \n 0 invoke dequeue \n 0 ok dequeue 1",
    invalid: "0 invoke enqueue 1 \n 0 ok enqueue 1 \n 0 invoke dequeue \n 0 ok dequeue 2",
  },
  stack: {
    valid: "0 invoke push 1 \n 0 ok push 1 \n 0 invoke pop \n 0 ok pop 1",
    invalid: "0 invoke push 1 \n 0 ok push 1 \n 0 invoke pop \n 0 ok pop 2",
  },
  "kv-string": {
    valid: '0 invoke append "a" \n 0 ok append "a" \n 0 invoke get \n 0 ok get "a"',
    invalid: '0 invoke put "b" \n 0 ok put "b" \n 0 invoke get \n 0 ok get "ab"',
  },
  "list-append": {
    valid: '0 invoke txn [["append","x",1],["r","x",null]] \n 0 ok txn [["append","x",1],["r","x",[1]]]',
    invalid: '0 invoke txn [["append","x",1],["r","x",null]] \n 0 ok txn [["append","x",1],["r","x",[]]]',
  },
  "rw-register": {
    valid: '0 invoke txn [["w","x",1],["r","x",null]] \n 0 ok txn [["w","x",1],["r","x",1]]',
    invalid: '0 invoke txn [["w","x",1],["r","x",null]] \n 0 ok txn [["w","x",1],["r","x",3]]',
  },
};

const names = Object.keys(modelDescriptions) as ChosenModelName[];

describe.each(names)("the model %s", (name) => {
  const { valid, invalid } = examples[name];
  const model = { name, options: {} };

  it("accepts what fits it and refuses what does not", () => {
    expect(modelChecker(model).check(textHistory(valid))).toMatchObject({ verdict: "valid" });
    expect(modelChecker(model).check(textHistory(invalid))).toMatchObject({ verdict: "invalid" });
    expect(modelChecker(model).name).toBe(modelCheckerName(model));
  });

  it("knows every operation of both, and not another's", () => {
    const objections = (events: readonly HistoryEvent[]): (string | null)[] => {
      const fit = new ModelFit(model);
      return events.map((event) => fit.objection(event)).filter((objection) => objection !== null);
    };
    expect(objections([...textHistory(valid), ...textHistory(invalid)])).toEqual([]);
    expect(objections(textHistory("0 invoke juggle 3"))).toHaveLength(1);
  });
});

test("a register's reads of null say nothing where that is asked for, and the others still count", () => {
  const model = { name: "cas-register", options: { nilReads: "unknown" } } as const;
  const check = (text: string) => modelChecker(model).check(textHistory(text)).verdict;
  const written = "0 invoke write 1 \n 0 ok write 1 \n 0 invoke read \n 0 ok read";
  expect(check(written)).toBe("unknown");
  expect(check(`${written} \n 0 invoke read \n 0 ok read 1`)).toBe("valid");
  expect(check(`${written} \n 0 invoke read \n 0 ok read 2`)).toBe("invalid");
});

describe("a history in which nothing was answered that tells anything", () => {
  const open = "0 invoke write 1 \n 0 ok write 1 \n 1 invoke read \n 1 info read \n 2 invoke cas 4>0 \n 2 fail cas 4>0";
  const model = { name: "cas-register", options: {} } as const;

  it("is no green run, and yet linearizable when it comes from elsewhere", () => {
    const ofRun = modelChecker(model).check(textHistory(open));
    expect(ofRun).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
    const imported = modelChecker(model, true).check(textHistory(open));
    expect(imported).toMatchObject({
      verdict: "valid",
      summary: "linearizable, but trivially so: no answered operation shows what the object held",
    });
    expect(imported.cause).toBeUndefined();
  });

  it("stays unknown where the model does not know an operation", () => {
    const strange = textHistory(`${open} \n 3 invoke juggle 3 \n 3 ok juggle 3`);
    expect(modelChecker(model, true).check(strange)).toMatchObject({
      verdict: "unknown",
      cause: { code: "unsupported-operation" },
    });
  });
});

describe("registers that begin with a value are judged exactly too", () => {
  const check = (initial: unknown, text: string) =>
    modelChecker({ name: "register", options: { initial } }).check(textHistory(text));

  test.each<[string, unknown, string, string]>([
    ["the value is there at first", 7, "0 invoke read \n 0 ok read 7", "valid"],
    ["text as well", "a", '0 invoke read \n 0 ok read "a"', "valid"],
    ["absence is another value", 7, "0 invoke read \n 0 ok read null", "invalid"],
    ["it does not come back", 7, "0 invoke write 1 \n 0 ok write 1 \n 0 invoke read \n 0 ok read 7", "invalid"],
    ["it can be changed once", 7, "0 invoke cas 7>1 \n 0 ok cas 7>1 \n 1 invoke cas 7>2 \n 1 ok cas 7>2", "invalid"],
    ["a map is none that a register is judged exactly for", { a: 1 }, "0 invoke read \n 0 ok read 1", "invalid"],
  ])("%s", (_, initial, text, verdict) => {
    const result = check(initial, text);
    expect(result.verdict).toBe(verdict);
    expect("searched" in result).toBe(typeof initial !== "object");
  });

  it("tells what the register began with", () => {
    expect(check(7, "0 invoke cas 7>1 \n 0 ok cas 7>1 \n 1 invoke cas 7>2 \n 1 ok cas 7>2").summary).toContain(
      "but the register began with 7 only once",
    );
  });
});

describe("a model is guessed from the operations, and is the one that demands least", () => {
  const guess = (text: string): ChosenModelName | null => {
    const seen = new ModelGuess();
    for (const event of textHistory(text)) seen.see(event);
    const guessed = seen.model();
    return typeof guessed === "string" ? guessed : null;
  };

  test.each(names.map((name) => [name]))("for %s", (name) => {
    const likelier: Partial<Record<ChosenModelName, ChosenModelName>> = {
      register: "cas-register",
      "multi-register": "rw-register",
      "fifo-queue": "unordered-queue",
    };
    const isOwned = ["reentrant-mutex", "fenced-mutex", "semaphore"].includes(name);
    expect(guess(examples[name].valid)).toBe(isOwned ? null : (likelier[name] ?? name));
  });

  test.each<[string, ChosenModelName | null]>([
    ["", "cas-register"],
    ["0 invoke read", "cas-register"],
    ['0 invoke txn [["w","x",1],["w","x",1]]', "multi-register"],
    ['0 invoke txn [["cas","x",[1,2]]]', "multi-register"],
    ['0 invoke txn [["w","x",1]] \n 1 invoke read', null],
    ["0 invoke acquire \n 1 invoke read", null],
    ["0 invoke juggle", null],
  ])("for %j", (text, name) => expect(guess(text)).toBe(name));
});
