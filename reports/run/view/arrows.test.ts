import { expect, test } from "vitest";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "../digest/run.ts";
import { layOutArrows } from "./arrows.ts";
import { layOutLanes, violationScale } from "./violationLayout.ts";

const frame = { left: 100, right: 1100, top: 20 };
const [stale, disagreement] = digestRun(syntheticRun({ seed: 1, verdict: "invalid" })).violations;

function layOut(violation: NonNullable<typeof stale>) {
  const { scale, even } = violationScale(violation, frame);
  const lanes = layOutLanes(violation, scale, frame);
  return { even, lanes, arrows: layOutArrows(violation, lanes) };
}

test("operations far apart get a stretched axis, on which each can be seen", () => {
  const { even, lanes } = layOut(stale!);
  expect(even).toBe(false);
  const widths = lanes.flatMap((lane) => lane.operations.map(({ x1, x2 }) => x2 - x1));
  expect(Math.min(...widths)).toBeGreaterThan(30);
});

test("only an order against the clock is impossible", () => {
  expect(layOut(stale!).arrows.map(({ impossible }) => impossible)).toEqual([false, false, true]);
  expect(layOut(disagreement!).arrows.map(({ impossible }) => impossible)).toEqual([false, false, false, false]);
});

test("an operation of unknown outcome is open to the right edge", () => {
  const { even, lanes } = layOut(disagreement!);
  expect(even).toBe(true);
  expect(lanes[0]!.operations[0]).toMatchObject({ x2: frame.right, label: "write 9101 - outcome unknown" });
});

test("numbers lie apart from each other, and labels of a lane too", () => {
  for (const violation of [stale!, disagreement!]) {
    const { arrows, lanes } = layOut(violation);
    const badges = arrows.map(({ badge }) => badge);
    badges.forEach((a, at) => {
      for (const b of badges.slice(at + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(17);
    });
    for (const { operations } of lanes) {
      operations.slice(1).forEach((place, at) => {
        const previous = operations[at]!;
        const apart = previous.labelX + previous.labelWidth <= place.labelX || previous.labelY !== place.labelY;
        expect(apart).toBe(true);
      });
    }
  }
});

test("the read to blame is marked", () => {
  const culprits = layOut(stale!).lanes.flatMap((lane) => lane.operations.filter(({ culprit }) => culprit));
  expect(culprits.map(({ label }) => label)).toEqual(["read → 9041 ✗"]);
});
