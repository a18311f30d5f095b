import fc from "fast-check";
import { expect, test } from "vitest";
import { FreezableMap } from "./freezable-map.ts";
import { ShardedMap } from "./sharded-map.ts";
import { keys } from "./test-commands.ts";

const key = fc.constantFrom(...keys);
const change = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("set" as const), key, value: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("delete" as const), key }) },
);
const action = fc.oneof(
  { weight: 6, arbitrary: change },
  fc.constant({ type: "freeze" as const }),
  fc.constant({ type: "begin-thaw" as const }),
  fc.record({ type: fc.constant("thaw" as const), maxChanges: fc.nat(2) }),
);

test("frozen or not, the map holds what a plain one holds, in its order; and frozen content does not change", () => {
  let frozenOnes = 0;
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60, size: "max" }), (actions) => {
      const map = new FreezableMap<number>();
      const plain = new ShardedMap<number>();
      let frozen: { content: Iterator<[string, number]>; expected: [string, number][] } | null = null;
      for (const each of actions) {
        if (each.type === "set") for (const one of [map, plain]) one.set(each.key, each.value);
        if (each.type === "delete") for (const one of [map, plain]) one.delete(each.key);
        if (each.type === "freeze" && !map.isFrozen) {
          frozen = { content: map.freeze(), expected: [...plain.entries()] };
          frozenOnes++;
        }
        if (each.type === "begin-thaw" && frozen !== null) {
          expect([...{ [Symbol.iterator]: () => frozen!.content }]).toEqual(frozen.expected);
          frozen = null;
          map.beginThaw();
        }
        if (each.type === "thaw") map.thaw(each.maxChanges);
        for (const key of keys) expect(map.get(key)).toBe(plain.get(key));
      }
      map.beginThaw();
      while (!map.thaw(1));
      expect([...map.freeze()]).toEqual([...plain.entries()]);
    }),
    { numRuns: 500 },
  );
  expect(frozenOnes).toBeGreaterThan(100);
});

test("thawing ends, however fast changes come", () => {
  const map = new FreezableMap<number>();
  map.freeze();
  for (let i = 0; i < 100; i++) map.set(`k${i}`, i);
  map.beginThaw();
  for (let i = 0; i < 100; i++) map.set(`l${i}`, i);
  expect(map.isFrozen).toBe(false);
});

test("what is frozen cannot be frozen once more", () => {
  const map = new FreezableMap<number>();
  map.freeze();
  expect(() => map.freeze()).toThrow("the map is frozen already");
});
