import { describe, expect, it } from "vitest";
import { linearizable, type SmallOperation } from "./brute-force.ts";

const write = (to: number, inv: number, ret: number): SmallOperation => ({ kind: "write", to, inv, ret });
const read = (from: number, inv: number, ret: number): SmallOperation => ({ kind: "read", from, inv, ret });
const cas = (from: number, to: number, inv: number, ret: number): SmallOperation => {
  return { kind: "cas", from, to, inv, ret };
};
const refused = (from: number, inv: number, ret: number): SmallOperation => ({ kind: "refused", from, inv, ret });

describe("brute force", () => {
  it.each([
    ["nothing at all", true, []],
    ["a read of the initial value", true, [read(0, 1, 2)]],
    ["a read of what was not there", false, [read(1, 1, 2)]],
    ["reads on both sides of a switch", true, [write(1, 1, 10), read(0, 2, 3), read(1, 4, 5)]],
    ["a switch back without a write", false, [write(1, 1, 10), read(1, 2, 3), read(0, 4, 5)]],
    ["an unanswered write that was never seen", true, [write(1, 1, Infinity), read(0, 2, 3)]],
    ["an unanswered write that was seen late", true, [write(1, 1, Infinity), read(0, 2, 3), read(1, 4, 5)]],
    ["a compare with the value that is there", true, [write(1, 1, 2), cas(1, 2, 3, 4), read(2, 5, 6)]],
    ["a compare with another value", false, [write(1, 1, 2), cas(7, 2, 3, 4)]],
    ["a refusal while another value is there", true, [write(1, 1, 2), refused(7, 3, 4)]],
    ["a refusal of the value that is there", false, [write(1, 1, 2), refused(1, 3, 4)]],
    ["operations that touch in time", true, [write(1, 1, 2), read(0, 2, 3)]],
  ])("on %s says %s", (_, verdict, operations) => {
    expect(linearizable(operations, 0)).toBe(verdict);
  });
});
