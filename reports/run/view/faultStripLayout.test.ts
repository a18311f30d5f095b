import { expect, test } from "vitest";
import { linearScale } from "../../ui/scale.ts";
import type { FaultDigest } from "../digest/types.ts";
import { placeFaults } from "./faultStripLayout.ts";

function fault(id: number, fromS: number, toS: number | null): FaultDigest {
  return {
    id,
    fault: "kill",
    variant: "kill",
    label: "killed",
    color: "#C98BB9",
    nodes: ["n1"],
    cut: [],
    fromNs: fromS * 1e9,
    toNs: toS === null ? null : toS * 1e9,
    effective: true,
    healed: true,
    change: false,
    evidence: [],
    healEvidence: [],
    problems: [],
    window: null,
  };
}

const place = (faults: readonly FaultDigest[], to = 10) =>
  placeFaults(faults, linearScale(0, to * 1e9, 0, 1000), [0, to], 1000);

test("faults that overlap in time get rows of their own", () => {
  expect(place([fault(1, 0, 4), fault(2, 3, 6), fault(3, 5, 9)]).map(({ row }) => row)).toEqual([0, 1, 0]);
});

test("a text goes into its bar, or after it, or shrinks to nothing", () => {
  const [wide, narrow, crowded] = place([fault(1, 0, 4), fault(2, 4.5, 4.6), fault(3, 9.95, 9.96)]);
  expect(wide).toMatchObject({ text: "1 killed n1", inside: true });
  expect(narrow).toMatchObject({ text: "2 killed n1", inside: false });
  expect(crowded).toMatchObject({ text: "" });
});

test("what was never healed lasts to the edge", () => {
  expect(place([fault(1, 5, null)])[0]).toMatchObject({ x: 500, width: 500 });
});

test("what is out of sight is left out", () => {
  expect(place([fault(1, 20, 30)])).toEqual([]);
});
