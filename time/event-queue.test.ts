import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue, type Queued } from "./event-queue.ts";

const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("add" as const), timeNs: fc.nat(50) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("cancel" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant({ type: "take" } as const) },
);

test("what is left is taken by time and then by order, however much was called off", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 600, size: "max" }), (deeds) => {
      const queue = new EventQueue<number>();
      const added: Queued<number>[] = [];
      /** The slow way: all that is there, sorted when asked. */
      let expected: { timeNs: number; order: number }[] = [];
      for (const [order, one] of deeds.entries()) {
        if (one.type === "add") {
          added.push(queue.add(one.timeNs, order, order));
          expected.push({ timeNs: one.timeNs, order });
        } else if (one.type === "cancel" && added.length > 0) {
          const [event] = added.splice(one.which % added.length, 1);
          queue.cancel(event!);
          queue.cancel(event!);
          expected = expected.filter(({ order }) => order !== event!.order);
        } else if (one.type === "take") {
          expected.sort((a, b) => a.timeNs - b.timeNs || a.order - b.order);
          const next = queue.takeNext();
          expect(next?.what ?? null).toBe(expected.shift()?.order ?? null);
          if (next !== null) added.splice(added.indexOf(next), 1);
        }
      }
      expected.sort((a, b) => a.timeNs - b.timeNs || a.order - b.order);
      for (const { order } of expected) expect(queue.takeNext()?.what).toBe(order);
      expect(queue.takeNext()).toBeNull();
    }),
  );
});
