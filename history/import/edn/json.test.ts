import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { formatJson, parseJson } from "../../exact-json.ts";
import { EdnToJson, toEdn } from "./json.ts";
import { parseEdn } from "./reader.ts";
import { type EdnValue, isKind, isVector } from "./value.ts";

const read = (text: string): EdnValue => parseEdn("h.edn", 1, text);

function json(...texts: string[]): string[] {
  const converter = new EdnToJson();
  return texts.map((text) => JSON.stringify(converter.json(read(text))));
}

describe("values that Clojure takes for equal have one JSON", () => {
  it.each([
    ["a map in another order", "{:v 1, :rev 5}", "{:rev 5, :v 1}"],
    ["a map in a map", "{:a {:x 1 :y 2}}", "{:a {:y 2 :x 1}}"],
    ["a map with numbers as keys", "{10 :a, 9 :b}", "{9 :b, 10 :a}"],
    ["a set in another order", "#{3 10 2}", "#{10 2 3}"],
    ["sets in a set", "#{#{1 2} #{3}}", "#{#{3} #{2 1}}"],
    ["maps in a set", "#{{:a 1 :b 2} {:c 3}}", "#{{:c 3} {:b 2 :a 1}}"],
    ["a map with a set as a key", "{#{1 2} :x}", "{#{2 1} :x}"],
    ["a list and a vector", "(1 2)", "[1 2]"],
    ["a list and a vector as keys", "{(1 2) 3, :b 4}", "{[1 2] 3, :b 4}"],
    ["an integer with its suffix", "5", "5N"],
    ["an integer in another radix", "255", "0xFF"],
    ["a large integer with its suffix", "9007199254740993", "9007199254740993N"],
    ["a decimal with zeros", "1.50M", "1.5M"],
    ["a decimal with an exponent", "15e-1M", "1.5M"],
    ["a ratio", "2/6", "1/3"],
    ["a double in another form", "1e3", "1000.0"],
    ["zeros", "0.0", "-0.0"],
    ["a map with its namespace before it", "#:a{:b 1}", "{:a/b 1}"],
    ["a moment in another zone", '#inst "2026-01-01T00:00:00.000-00:00"', '#inst "2026-01-01T01:00:00+01:00"'],
    ["an identifier in capitals", '#uuid "AB"', '#uuid "ab"'],
    ["metadata", "^{:line 3} [1]", "[1]"],
  ])("%s", (_, one, other) => {
    const [a, b] = json(one, other);
    expect(a).toBe(b);
  });
});

describe("values that Clojure tells apart have different JSON", () => {
  it.each([
    ["numbers", ["1", "1.0", "1M", "1/3", '"1"', ":1", "\\1", "##Inf", '"##Inf"', '"1.0"', '"1M"', '"1/3"']],
    [
      "large numbers",
      ["9007199254740993", "9007199254740992", '"9007199254740993N"', "9007199254740993M", "9007199254740993.0"],
    ],
    ["names", [":a", '":a"', '"\':a"', "a", '"a"', "\\a", '"\\\\a"', ":a/b", '#"a"', '"#\\"a\\""']],
    ["collections", ["[1 2]", "[2 1]", "#{1 2}", "{1 2}", "[[1 2]]", '"[1 2]"', "#a [1 2]", "#b [1 2]"]],
    ["nothing", ["nil", "false", "[]", "{}", "#{}", '""', '"nil"', ":nil"]],
    ["keys", ["{:a 1}", '{"a" 1}', "{a 1}", "{\\a 1}", "{:b/a 1}", "{[:a] 1}"]],
    ["keys of larger maps", ["{1 1 2 2}", '{"1" 1 2 2}', "{1.0 1 2 2}", "{:1 1 2 2}"]],
    ["tags and maps that look like them", ["#a 1", '{"#a" 1}', "{:#a 1}", "{:a 1}"]],
    ["sets and maps that look like them", ["#{1}", '{"#{}" [1]}', '{"#\'" "x"}', "x"]],
  ])("%s", (_, texts) => {
    const told = json(...texts);
    expect(new Set(told).size).toBe(texts.length);
  });
});

test("names of keys stay as they are where nothing speaks against it", () => {
  expect(json("{:v 1}", '{"w" 1}', "{0 10, 1 20}")).toEqual(['{"v":1}', '{"w":1}', '{"0":10,"1":20}']);
  expect(json('{"v" 1}', "{:v 1}")).toEqual(['{"v":1}', '{":v":1}']);
});

const seed = Number(process.env["KEELHAUL_SEED"] ?? Date.now() % 1_000_000);
const text = fc.string({
  unit: fc.constantFrom("'", ":", "a", "1", "\\", "#", '"', ".", "N", "M", "9007199254740993"),
  maxLength: 4,
});
const { value } = fc.letrec<{ value: EdnValue }>((tie) => {
  const items = fc.array(tie("value"), { maxLength: 3 });
  return {
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<EdnValue>(null, true, 0, 1, 2, 10, 0.5, 9007199254740993n, 9007199254740992n, Number.NaN),
      text,
      fc.constantFrom("a", "1", "#a").map((name) => ({ kind: "symbol" as const, name })),
      fc.constantFrom("a", "b", "a/b").map((name) => ({ kind: "keyword" as const, name })),
      fc.constantFrom(0, -0, 1, 1e21).map((double) => ({ kind: "double" as const, value: double })),
      fc
        .constantFrom("1", "1.0", "1.50", "15e-1", "9007199254740993")
        .map((digits) => ({ kind: "decimal" as const, text: digits })),
      items,
      fc.record({ kind: fc.constant("list" as const), items }),
      fc.record({
        kind: fc.constant("set" as const),
        items: fc.uniqueArray(tie("value"), { selector: slowText, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant("map" as const),
        entries: fc.uniqueArray(fc.tuple(tie("value"), tie("value")), {
          selector: ([key]) => slowText(key),
          maxLength: 3,
        }),
      }),
      fc.record({ kind: fc.constant("tagged" as const), tag: fc.constantFrom("a", "b"), value: tie("value") }),
    ),
  };
});

/** The oracle: one text for equal values, without any care for how it looks. */
function slowText(of: EdnValue): string {
  if (of === null || typeof of === "boolean") return `atom ${of}`;
  if (typeof of === "string") return `string ${JSON.stringify(of)}`;
  if (typeof of === "bigint" || Number.isSafeInteger(of)) return `integer ${of}`;
  if (typeof of === "number") return `double ${of}`;
  if (isVector(of)) return `list [${of.map(slowText).join()}]`;
  if (isKind(of, "list")) return slowText(of.items);
  if (isKind(of, "set")) return `set [${of.items.map(slowText).sort().join()}]`;
  if (isKind(of, "map"))
    return `map [${of.entries
      .map((entry) => slowText(entry))
      .sort()
      .join()}]`;
  if (isKind(of, "tagged")) return `tagged ${of.tag} ${slowText(of.value)}`;
  if (isKind(of, "double")) return `double ${of.value + 0}`;
  if (isKind(of, "decimal")) return `decimal ${decimalKey(of.text)}`;
  return `${of.kind} ${"name" in of ? of.name : of.text}`;
}

/** In hundredths of hundredths. */
function decimalKey(digits: string): string {
  const [whole = "", fraction = ""] = digits.replace("15e-1", "1.5").split(".");
  return String(BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, "0")));
}

test("values have equal JSON exactly where they are equal", () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      const converter = new EdnToJson();
      const [a, b] = [one, other].map((each) => JSON.stringify(converter.json(each)));
      expect(a === b).toBe(slowText(one) === slowText(other));
    }),
    { seed, numRuns: 20_000 },
  );
}, 60_000);

test("JSON of a value is EDN of that value, but for what its keys are", () => {
  const withoutMaps = value.filter((of) => !slowText(of).includes("map ["));
  fc.assert(
    fc.property(withoutMaps, (of) => {
      const told = new EdnToJson().json(of);
      expect(slowText(toEdn(told))).toBe(slowText(of));
      expect(parseJson(formatJson(told))).toEqual(told);
    }),
    { seed, numRuns: 10_000 },
  );
}, 60_000);
