import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { HistoryError } from "../../history-error.ts";
import { printEdn } from "./print.ts";
import { parseEdn, readEdn } from "./reader.ts";
import type { EdnValue } from "./value.ts";

const read = (...pieces: string[]): EdnValue[] => Array.from(readEdn("h.edn", pieces), ({ value }) => value);
const keyword = (name: string): EdnValue => ({ kind: "keyword", name });
const symbol = (name: string): EdnValue => ({ kind: "symbol", name });
const object = (value: EdnValue): EdnValue => ({ kind: "tagged", tag: "object", value });
const map = (...entries: (readonly [EdnValue, EdnValue])[]): EdnValue => ({ kind: "map", entries });

describe("EDN", () => {
  it.each<[string, EdnValue]>([
    ["nil", null],
    ["true", true],
    ["-12", -12],
    ["+7", 7],
    ["-0", 0],
    ["5N", 5],
    ["9007199254740993", 9007199254740993n],
    ["1.50M", { kind: "decimal", text: "1.50" }],
    ["1e3", { kind: "double", value: 1000 }],
    ["1.0", { kind: "double", value: 1 }],
    ["-0.0", { kind: "double", value: -0 }],
    ["0.5", 0.5],
    ["0x1F", 31],
    ["-0xffN", -255],
    ["017", 15],
    ["2r1011", 11],
    ["36rZz", 1295],
    ["0xFFFFFFFFFFFFFFFF", 18446744073709551615n],
    ["1/3", { kind: "ratio", text: "1/3" }],
    ["-2/6", { kind: "ratio", text: "-1/3" }],
    ["4/2", 2],
    ['#"a\\d+\\" b"', { kind: "regex", text: 'a\\d+\\" b' }],
    ["#:a{:b 1, :c/d 2, :_/e 3, 4 5}", map([keyword("a/b"), 1], [keyword("c/d"), 2], [keyword("e"), 3], [4, 5])],
    ["#::{:b 1}", map([keyword("b"), 1])],
    ['#object[my.Thing 0x1f "my.Thing@1f"]', object([symbol("my.Thing"), 31, "my.Thing@1f"])],
    ['#object[user$eval$fn__12$$Lambda/0x00f 0x1f ""]', object([symbol("user$eval$fn__12$$Lambda/0x00f"), 31, ""])],
    ['#object["[B" 0x1f {:status :ready}]', object(["[B", 31, map([keyword("status"), keyword("ready")])])],
    ["#<Object java.lang.Object@1f>", object("Object java.lang.Object@1f")],
    ["#<Agent@1f: #<Fn a$b>>", object("Agent@1f: #<Fn a$b>")],
    ["#'user/x", symbol("#'user/x")],
    ["^{:line 1} [1]", [1]],
    ["\\o101", { kind: "character", text: "A" }],
    ["\\formfeed", { kind: "character", text: "\f" }],
    ['"\\101\\7"', "A\u0007"],
    ["[1 #_2 #_ #_ 3 4 5]", [1, 5]],
    ["Infinity", symbol("Infinity")],
    ["##-Inf", Number.NEGATIVE_INFINITY],
    [":a/b", keyword("a/b")],
    ["foo.bar/baz?", { kind: "symbol", name: "foo.bar/baz?" }],
    ["\\newline", { kind: "character", text: "\n" }],
    ["\\(", { kind: "character", text: "(" }],
    ["\\u00e9", { kind: "character", text: "é" }],
    ['"a \\"b\\" {\\u00e9}\\n"', 'a "b" {é}\n'],
    ["#{1 2}", { kind: "set", items: [1, 2] }],
    ['#inst "2026"', { kind: "tagged", tag: "inst", value: "2026" }],
    ["{:a [1 (2)]}", { kind: "map", entries: [[keyword("a"), [1, { kind: "list", items: [2] }]]] }],
  ])("%s", (text, value) => {
    expect(read(`x ${text}`)[1]).toEqual(value);
    expect(read(`[${text}]`)).toEqual([value]);
  });

  it("gives the forms of one collection, or of a line each, with the line that each begins in", () => {
    const collection = "; a comment [\n\n(1,2\n #_ {:left out} [3\n4]) ; end";
    expect([...readEdn("h.edn", [collection])]).toEqual([
      { value: 1, line: 3 },
      { value: 2, line: 3 },
      { value: [3, 4], line: 4 },
    ]);
    expect([...readEdn("h.edn", ['"a\nb" :c\n{}'])].map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it("has no forms in an empty text", () => {
    expect(read(" ; nothing\n")).toEqual([]);
    expect(read("[]")).toEqual([]);
  });

  it.each([
    ["[1\n2", /h\.edn:2: found the end of the file, expected “\]” for what line 1 opens/],
    ["{:a\n{:b 1}", /:2: found the end of the file, expected “\}” for what line 1 opens/],
    ['\n"abc', /:2: found the end of the file, expected a quote that ends the string of line 2/],
    ['"abc\\', /:1: found the end of the file, expected a quote/],
    ["{:a [1 }", /:1: found “}”, expected a value/],
    ["{:a}", /:1: found a map whose last key has no value, expected keys and values in turn/],
    ["[1] 2", /:1: found “2”, expected the end of the file after its one collection/],
    ["12abc", /:1: found “12abc”, expected a value: numbers are such as 12, 0x1F/],
    ["[1\n1e999]", /:2: found “1e999”, expected a number up to 1.8e308/],
    ["08", /:1: found “08”, expected a value: numbers/],
    ["1/0", /:1: found “1\/0”, expected a value: numbers/],
    ["2r102", /:1: found “2r102”, expected a value: numbers/],
    ["#<Object\n>", /:1: found the end of the line, expected “>” for what line 1 opens/],
    ["#:a[1]", /:1: found “#:a”, expected a map after it/],
    ['"\\q"', /:1: found the string “\\q”, expected escapes/],
    ["#", /:1: found “#”, expected a set, a tag or a discarded form/],
    ["\\", /:1: found “\\”, expected a character such as/],
    [": ", /:1: found “:”, expected a value/],
    ["a\0b @", /:1: found “@”, expected a value/],
    ["[".repeat(300), /:1: found collections more than 200 deep/],
  ])("refuses %j by line", (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(HistoryError);
  });
});

const name = fc
  .stringMatching(/^[a-z][a-z0-9*!_?<>-]{0,6}$/)
  .filter((word) => !["nil", "true", "false"].includes(word));
const { value: anyValue } = fc.letrec<{ value: EdnValue }>((tie) => {
  const items = fc.array(tie("value"), { maxLength: 4 });
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(
        fc.constantFrom(null, true, false),
        fc.double().filter((value) => !Number.isInteger(value)),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((value) => ({ kind: "double" as const, value: Math.round(value) })),
        fc.tuple(fc.bigInt(), fc.bigInt({ min: 2n })).map(([over, under]) => parseEdn("", 1, `${over}/${under}`)),
        fc.stringMatching(/^[a-z.*]{0,4}$/).map((text) => ({ kind: "regex" as const, text })),
        fc.maxSafeInteger(),
        fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.constantFrom('"', "\\", "\n", "u", "0", "{", ";") }),
        fc.record({ kind: fc.constant("keyword" as const), name }),
        fc.record({ kind: fc.constant("symbol" as const), name }),
        fc.record({ kind: fc.constant("decimal" as const), text: fc.constantFrom("1.50", "-3", "2e9") }),
        fc.nat({ max: 0xffff }).map((at) => ({ kind: "character" as const, text: String.fromCharCode(at) })),
      ),
      items,
      fc.record({ kind: fc.constantFrom("list" as const, "set" as const), items }),
      fc.record({
        kind: fc.constant("map" as const),
        entries: fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("tagged" as const), tag: name, value: tie("value") }),
    ),
  };
});

const seed = Number(process.env["KEELHAUL_SEED"] ?? Date.now() % 1_000_000);

test("what is printed is read as the same value, however the text is cut into pieces", () => {
  fc.assert(
    fc.property(anyValue, fc.integer({ min: 1, max: 9 }), (value, size) => {
      const text = `[${printEdn(value)}]`;
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      );
      expect(read(...pieces)).toEqual([value]);
    }),
    { seed, numRuns: 20_000 },
  );
});
