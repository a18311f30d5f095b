import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { modelChecker } from "../analysis/model-checker.ts";
import { checkers } from "../analysis/registry.ts";
import { edn } from "../history/import/edn.ts";
import { json } from "../history/import/json.ts";
import { writeHistory } from "../history/import/write-history.ts";
import { openHistory } from "../history/reader.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-equality-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Operations that are valid exactly where two values are equal, or exactly where they are not. */
const objects = {
  register: { checker: checkers.register, operations: ["write A", "read B"], validIf: "equal" },
  "a searched register": {
    checker: modelChecker({ name: "cas-register", options: {} }),
    operations: ["write A", "write A", "read B"],
    validIf: "equal",
  },
  "a set": { checker: checkers.set, operations: ["add A", "read [B]"], validIf: "equal" },
  "a searched set": {
    checker: modelChecker({ name: "set", options: { initial: [0] } }),
    operations: ["add A", "read [0 B]"],
    validIf: "equal",
  },
  "a queue": { checker: checkers.queue, operations: ["enqueue A", "dequeue B"], validIf: "equal" },
  "a searched queue": {
    checker: modelChecker({ name: "fifo-queue", options: {} }),
    operations: ["enqueue A", "dequeue B"],
    validIf: "equal",
  },
  "a list": { checker: checkers["append-list"], operations: ["append A", "read [B]"], validIf: "equal" },
  "transactions over lists": {
    checker: checkers["list-append"],
    operations: ['txn [["append" "x" A]]', 'txn [["r" "x" [B]]]'],
    validIf: "equal",
  },
  "transactions over registers": {
    checker: checkers["rw-register"],
    operations: ['txn [["w" "x" A]]', 'txn [["r" "x" B]]'],
    validIf: "equal",
  },
  identifiers: { checker: checkers["unique-ids"], operations: ["generate A", "generate B"], validIf: "different" },
} as const;

/** One operation after the other, each answered: in EDN, or in JSON, where lists have commas. */
function history(format: "edn" | "json", operations: readonly string[], a: string, b: string): string {
  const filled = (operation: string): string => operation.replaceAll("A", () => a).replaceAll("B", () => b);
  const events = operations.flatMap((operation) => {
    const [f = "", ...rest] = operation.split(" ");
    const value = filled(rest.join(" "));
    const asked = /read|dequeue|generate/.test(f)
      ? null
      : value.replace(`["r" "x" [${b}]]`, '["r" "x"]').replace(`["r" "x" ${b}]`, '["r" "x"]');
    return [
      { type: "invoke", f, value: asked },
      { type: "ok", f, value },
    ];
  });
  return events.map(({ type, f, value }) => line(format, type, f, value)).join("\n");
}

function line(format: "edn" | "json", type: string, f: string, value: string | null): string {
  if (format === "edn") return `{:process 0, :type :${type}, :f :${f}, :value ${value ?? "nil"}}`;
  const commas = (value ?? "null").replaceAll(/(?<=["\d}\]]) (?=["[{\d-])/g, ", ");
  return `{"process": 0, "type": "${type}", "f": "${f}", "value": ${commas}}`;
}

function verdictOn(name: keyof typeof objects, format: "edn" | "json", a: string, b: string): string {
  const { checker, operations } = objects[name];
  const file = join(folder, "given");
  writeFileSync(file, history(format, operations, a, b));
  const converted = join(folder, "history.jsonl");
  rmSync(converted, { force: true });
  const source = { edn, json }[format].events(file, { independent: false, warn: () => {} });
  writeHistory(
    converted,
    Array.from(source, ({ event }) => event),
  );
  return checker.check(openHistory(converted)).verdict;
}

const names = Object.keys(objects) as (keyof typeof objects)[];

describe.each(names)("%s", (name) => {
  const verdict = (equal: boolean): string => (equal === (objects[name].validIf === "equal") ? "valid" : "invalid");

  it.each([
    ["{:v 1, :rev 5}", "{:rev 5, :v 1}", true],
    ["{:a {:x 1, :y 2}}", "{:a {:y 2, :x 1}}", true],
    ["#{1 2}", "#{2 1}", true],
    ["5", "5N", true],
    ["1.50M", "1.5M", true],
    ["1", "1.0", false],
    ["1", "1M", false],
    ["7", '"7"', false],
    [":k", '"k"', false],
    [":k", '":k"', false],
    ["#{1 2}", "[1 2]", false],
    ["9007199254740993", "9007199254740992", false],
    ["9007199254740993", '"9007199254740993N"', false],
    ["{:id 9007199254740993}", "{:id 9007199254740992}", false],
  ])("takes %s and %s of EDN for equal: %s", (a, b, equal) => {
    expect(verdictOn(name, "edn", a, b)).toBe(verdict(equal));
  });

  it.each([
    ['{"v":1,"rev":5}', '{"rev":5,"v":1}', true],
    ["1", "1.0", true],
    ["100", "1e2", true],
    ["9007199254740993", "9007199254740993.0", true],
    ["9007199254740993", "9007199254740992", false],
    ["-9007199254740993", "-9007199254740992", false],
    ["18446744073709551615", "18446744073709551614", false],
    ['{"id":9007199254740993}', '{"id":9007199254740992}', false],
    ["9007199254740993", '"9007199254740993"', false],
    ["9007199254740993", '"9007199254740993N"', false],
    ["7", '"7"', false],
  ])("takes %s and %s of JSON for equal: %s", (a, b, equal) => {
    expect(verdictOn(name, "json", a, b)).toBe(verdict(equal));
  });
});
