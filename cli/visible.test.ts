import { expect, test } from "vitest";
import { printOutcome } from "./outcome.ts";
import { plainPresenter } from "./plain.ts";
import { visible, visibleLine, withVisibleStrings } from "./visible.ts";

const clearScreen = "\x1b[2J";
const csi = "\x9b31m";
const rightToLeft = "\u202e";

test("what a terminal would obey is shown as an escape, and everything else as it is", () => {
  expect(visible(`a${clearScreen}b`)).toBe("a\\u001b[2Jb");
  expect(visible(csi)).toBe("\\u009b31m");
  expect(visible(`${rightToLeft}\u2066\u200f\u061c`)).toBe("\\u202e\\u2066\\u200f\\u061c");
  expect(visible("\r\b\x07\x7f")).toBe("\\u000d\\u0008\\u0007\\u007f");
  expect(visible("naïve 日本 🦊 עברית\n\t")).toBe("naïve 日本 🦊 עברית\n\t");
});

test("JSON stays what it was", () => {
  const value = { [`k${csi}`]: `${clearScreen}${rightToLeft}` };
  expect(JSON.parse(visible(JSON.stringify(value)))).toEqual(value);
});

test("a line feed forges no line", () => {
  expect(visibleLine("n1\n✓ VALID")).toBe("n1\\n✓ VALID");
});

test("strings anywhere in a value are shown so", () => {
  expect(withVisibleStrings({ a: [csi, 1, null], b: { c: clearScreen } })).toEqual({
    a: ["\\u009b31m", 1, null],
    b: { c: "\\u001b[2J" },
  });
});

const hostile = `${clearScreen}${csi}${rightToLeft}\n✓ VALID`;
/** Nothing but what the command's own layout consists of. */
const harmless = /^[\x20-\x7e\n✓✗?µ…]*$/;

test("an outcome shows a hostile history's words harmlessly, to people and to programs", () => {
  const outcome = {
    results: {
      verdict: "invalid",
      summary: hostile,
      checkers: { register: { verdict: "invalid", summary: hostile } },
      operations: { ok: 1, fail: 0, info: 0 },
      faults: { injected: 0, effective: 0 },
      warnings: [hostile],
    },
    folder: hostile,
    report: hostile,
    seconds: 1,
  } as const;
  for (const json of [false, true]) {
    const written: string[] = [];
    printOutcome(outcome, json, { write: (text) => written.push(text) });
    expect(written.join("")).toMatch(harmless);
    expect(
      written
        .join("")
        .split("\n")
        .filter((line) => line.startsWith("✓")),
    ).toEqual([]);
  }
});

test("so does the progress of a run", () => {
  const lines: string[] = [];
  const { tell } = plainPresenter(
    (line) => lines.push(line),
    () => 0,
  );
  tell({ type: "warning", warning: hostile });
  tell({ type: "so-far", verdict: "invalid", summary: hostile });
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^[\x20-\x7e✓]*$/);
});
