import { expect, test } from "vitest";
import type { Edge } from "../history/annotations.ts";
import { bridge, cutBetween, deafen, isolate, majoritiesRing, mute } from "./grudges.ts";

const text = (edges: readonly Edge[]) => edges.map(([from, to]) => `${from}>${to}`).sort();
const nodes = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`);

function seenBy(node: string, all: readonly string[], cut: readonly Edge[]): string[] {
  return all.filter((other) => other === node || !cut.some(([from, to]) => from === other && to === node));
}

test("two halves cannot reach each other in either direction", () => {
  expect(text(cutBetween([["a", "b"], ["c"]]))).toEqual(["a>c", "b>c", "c>a", "c>b"]);
});

test("an isolated node loses every edge, a deaf one those to it, a mute one those from it", () => {
  expect(text(isolate("a", ["a", "b", "c"]))).toEqual(["a>b", "a>c", "b>a", "c>a"]);
  expect(text(deafen("a", ["a", "b", "c"]))).toEqual(["b>a", "c>a"]);
  expect(text(mute("a", ["a", "b", "c"]))).toEqual(["a>b", "a>c"]);
});

test("a bridge joins two halves that do not see each other", () => {
  const cut = bridge(nodes(5));
  expect(seenBy("n1", nodes(5), cut)).toEqual(nodes(5));
  expect(seenBy("n2", nodes(5), cut)).toEqual(["n1", "n2", "n3"]);
  expect(seenBy("n5", nodes(5), cut)).toEqual(["n1", "n4", "n5"]);
});

test.each([4, 5, 6, 7, 8, 9])(
  "in a ring of %i each node sees a majority that sees it too, and no two the same",
  (count) => {
    const cut = majoritiesRing(nodes(count));
    const seen = new Map(nodes(count).map((node) => [node, seenBy(node, nodes(count), cut)]));
    for (const [node, some] of seen) {
      expect(some.length).toBeGreaterThan(count / 2);
      expect(some.length).toBeLessThan(count);
      for (const other of some) expect(seen.get(other)).toContain(node);
    }
    expect(new Set([...seen.values()].map((some) => some.join())).size).toBe(count);
  },
);
