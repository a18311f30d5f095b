import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameError } from "./frame-error.ts";
import { encodeFrame, FrameDecoder } from "./frames.ts";

/** msgpackr renames `__proto__`, to guard those who merge what they were sent. */
const value = fc.jsonValue().filter((json) => !JSON.stringify(json).includes("__proto__"));

test("frames come out as they went in, wherever the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), fc.array(fc.nat(50), { minLength: 1 }), (values, cuts) => {
      const stream = Buffer.concat(values.map(encodeFrame));
      const decoder = new FrameDecoder(1 << 20);
      const out: unknown[] = [];
      let at = 0;
      for (let i = 0; at < stream.length; i++) {
        const next = at + 1 + (cuts[i % cuts.length] ?? 0);
        out.push(...decoder.push(stream.subarray(at, next)).map(({ value }) => value));
        at = next;
      }
      expect(JSON.stringify(out)).toEqual(JSON.stringify(values));
    }),
  );
});

test("a frame that is too large is refused before it is read", () => {
  const decoder = new FrameDecoder(10);
  expect(() => decoder.push(encodeFrame("x".repeat(11)))).toThrow(FrameError);
});

test("a body that is not MessagePack is refused", () => {
  const decoder = new FrameDecoder(10);
  expect(() => decoder.push(Buffer.from([0, 0, 0, 2, 0xc1, 0xc1]))).toThrow(FrameError);
});
