import { expect, test } from "vitest";
import type { NodeRecord } from "../../../history/annotations.ts";
import { clipLanes, RoleCollector, thinLanes } from "./roles.ts";

function collect(...records: readonly [time: number, record: NodeRecord][]): RoleCollector {
  const collector = new RoleCollector();
  records.forEach(([time, value], index) => {
    collector.add({ index, time, process: "observer", type: "info", f: "node", value });
  });
  return collector;
}

test("a role lasts until the node's next one, the last until the end", () => {
  const roles = collect([5, { node: "n1", role: "follower", term: 1 }], [9, { node: "n1", role: "leader", term: 2 }]);
  expect(roles.lanes(20)).toEqual([
    {
      node: "n1",
      segments: [
        { role: "follower", leads: false, term: 1, fromNs: 5, toNs: 9 },
        { role: "leader", leads: true, term: 2, fromNs: 9, toNs: 20 },
      ],
    },
  ]);
});

test("a new leader alone (not role or term) makes no new segment, and a term has one election", () => {
  const roles = collect(
    [1, { node: "n1", role: "leader", term: 2 }],
    [2, { node: "n1", role: "leader", term: 2, leader: "n1" }],
    [3, { node: "n1", role: "unreachable" }],
    [4, { node: "n1", role: "leader", term: 2 }],
  );
  expect(roles.lanes(9)[0]!.segments).toHaveLength(3);
  expect(roles.elections()).toBe(1);
});

test("nodes come in the order people count", () => {
  const roles = collect([1, { node: "n10", role: "down" }], [2, { node: "n2", role: "down" }]);
  expect(roles.lanes(9).map((lane) => lane.node)).toEqual(["n2", "n10"]);
});

test("clipping keeps what overlaps, cut to size", () => {
  const lanes = collect(
    [0, { node: "n1", role: "follower" }],
    [10, { node: "n1", role: "leader" }],
    [20, { node: "n1", role: "down" }],
  ).lanes(30);
  expect(clipLanes(lanes, 12, 20)[0]!.segments).toEqual([
    { role: "leader", leads: true, term: null, fromNs: 12, toNs: 20 },
  ]);
});

test("of very many segments those narrower than a pixel go, and lanes stay without gaps", () => {
  const many = Array.from({ length: 20_000 }, (_, at): [number, NodeRecord] => [
    at,
    { node: "n1", role: at % 2 === 0 ? "leader" : "follower" },
  ]);
  const [lane] = thinLanes(collect(...many).lanes(20_000), 20_000, 6000);
  expect(lane!.segments.length).toBeLessThanOrEqual(6001);
  expect(lane!.segments.slice(1).every(({ fromNs }, at) => fromNs === lane!.segments[at]!.toNs)).toBe(true);
});
