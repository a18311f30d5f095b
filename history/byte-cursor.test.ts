import { describe, expect, it, test } from "vitest";
import { ByteCursor } from "./byte-cursor.ts";

/** A cursor whose steps can be asked for, over the bytes between two brackets that it must never look at. */
class Probe extends ByteCursor {
  constructor(text: string) {
    super();
    const bytes = Buffer.from(`[${text}]`);
    this.place(bytes, 1, bytes.length - 1);
  }

  /** What a step says, and where the cursor is then. */
  skipped(mark: string): [boolean, number] {
    return [this.skip(Buffer.from(mark)), this.at - 1];
  }

  taken(byte: string): [boolean, number] {
    return [this.take(byte.charCodeAt(0)), this.at - 1];
  }

  counted(): [number | false, number] {
    return [this.digits() && this.number, this.at - 1];
  }

  read(): [boolean, number] {
    return [this.restOfString(), this.at - 1];
  }
}

describe("a step that does not fit leaves the place alone", () => {
  it("skips a mark as a whole, and nothing beyond the end", () => {
    expect(new Probe("abc").skipped("ab")).toEqual([true, 2]);
    expect(new Probe("abc").skipped("ac")).toEqual([false, 0]);
    expect(new Probe("abc").skipped("abc]")).toEqual([false, 0]);
    expect(new Probe("").skipped("")).toEqual([true, 0]);
  });

  it("takes one byte, and nothing beyond the end", () => {
    expect(new Probe("a").taken("a")).toEqual([true, 1]);
    expect(new Probe("a").taken("b")).toEqual([false, 0]);
    expect(new Probe("").taken("]")).toEqual([false, 0]);
  });

  it.each<[string, number | false, number]>([
    ["0", 0, 1],
    ["17x", 17, 2],
    ["999999999999999", 999_999_999_999_999, 15],
    ["1000000000000000", false, 0],
    ["01", false, 0],
    ["00", false, 0],
    ["-1", false, 0],
    ["", false, 0],
  ])("reads the number in %j", (text, number, at) => expect(new Probe(text).counted()).toEqual([number, at]));

  it.each<[string, boolean, number]>([
    ['key" rest', true, 4],
    ['"', true, 1],
    ["no end", false, 0],
    ['back\\"slash"', false, 0],
    ['schön"', false, 0],
    ['tab\t"', false, 0],
    ['~ "', true, 3],
    ['\x7f"', false, 0],
  ])("reads the rest of the string in %j", (text, fits, at) => expect(new Probe(text).read()).toEqual([fits, at]));
});

test("steps follow one another", () => {
  const probe = new Probe('"n":12');
  expect([probe.taken('"'), probe.read(), probe.skipped(":"), probe.counted()]).toEqual([
    [true, 1],
    [true, 3],
    [true, 4],
    [12, 6],
  ]);
});
