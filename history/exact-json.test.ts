import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { exactInteger, formatJson, integerOf, isExactNumber, parseJson, plainText, textOf } from "./exact-json.ts";

describe("numbers that a double cannot keep", () => {
  it.each([
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991", -9007199254740991],
    ["9007199254740992", "9007199254740992N"],
    ["9007199254740993", "9007199254740993N"],
    ["-18446744073709551616", "-18446744073709551616N"],
    ["9007199254740993.0", "9007199254740993N"],
    ["9007199254740991.5", "9007199254740991.5M"],
    ["1e20", "100000000000000000000N"],
    ["1.5E+20", "150000000000000000000N"],
    ["12345678901234567.890", "12345678901234567.89M"],
    ["1e3", 1000],
    ["1.0", 1],
    ["0.1", 0.1],
    ["1e-7", 1e-7],
    ["-0.0000000000000001", -1e-16],
  ])("%s is %j", (json, value) => {
    expect(parseJson(json)).toBe(value);
    expect(parseJson(`{"a":[${json}]}`)).toEqual({ a: [value] });
  });

  it("are written as the digits they came as", () => {
    const json = '{"id":1152921504606846977,"list":[-9007199254740993,12345678901234567.5,"1152921504606846977N"]}';
    expect(formatJson(parseJson(json))).toBe(json);
    expect(formatJson(parseJson(json), 1)).toContain('\n  "1152921504606846977N"');
  });

  it("differ from every string", () => {
    const texts = ["9007199254740993N", "'9007199254740993N", "9007199254740991.5M", "9007199254740993", "'N"];
    const values = ["9007199254740993", ...texts.map((text) => JSON.stringify(text))].map(parseJson);
    expect(new Set(values).size).toBe(values.length);
    expect(texts.map(textOf).map(plainText)).toEqual(texts);
    expect(values.map(isExactNumber)).toEqual([true, false, false, false, false, false]);
  });

  it("are compared as whole numbers", () => {
    expect(integerOf(parseJson("9007199254740993"))).toBe(9007199254740993n);
    expect([integerOf(7), integerOf("7"), integerOf(0.5)]).toEqual([7n, null, null]);
    expect([exactInteger(7n), exactInteger(-(2n ** 70n))]).toEqual([7, `${-(2n ** 70n)}N`]);
  });

  it("are no names and no parts of strings", () => {
    const json = String.raw`{"9007199254740993N":"a\"9007199254740993N\"b","c":"\\"}`;
    expect(formatJson(parseJson(json))).toBe(json);
  });

  it.each(["1e999", "-1e400", '[1,{"a":1e309}]'])("beyond all doubles are refused: %s", (json) => {
    expect(() => parseJson(json)).toThrow(RangeError);
  });

  it.each(["", "01", "[1,]", '"9007199254740993', "9007199254740993N"])("no JSON is no JSON: %j", (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

/** JSON text in which every number stands in the one form that `formatJson` gives it. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("null", "true", "false"),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
    fc.maxSafeInteger().map(String),
    fc.tuple(fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }), fc.nat(999)).map(([whole, rest]) => `${whole}.${rest}5`),
    fc.string({ unit: fc.constantFrom("'", "9007199254740993", "N", "M", ".5", '"', "\\", "e9", "-") }).map(quoted),
    fc.string().map(quoted),
    fc.array(tie("json"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z']{1,3}(9007199254740993N?)?$/), tie("json")), {
        selector: ([name]) => name,
        maxLength: 3,
      })
      .map((entries) => `{${entries.map(([name, held]) => `${quoted(name)}:${held}`).join(",")}}`),
  ),
}));

function quoted(text: string): string {
  return JSON.stringify(text);
}

const seed = Number(process.env["KEELHAUL_SEED"] ?? Date.now() % 1_000_000);

test("JSON is written as it was read, digit for digit, and different texts are different values", () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const values = [one, other].map(parseJson);
      expect(values.map((value) => formatJson(value))).toEqual([one, other]);
      expect(JSON.stringify(values[0]) === JSON.stringify(values[1])).toBe(one === other);
      expect(structuredClone(values)).toEqual(values);
    }),
    { seed, numRuns: 20_000 },
  );
});
