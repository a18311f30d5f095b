import type { Extent } from "../cycles.ts";
import type { AnomalyName } from "../model-table.ts";
import type { Level } from "./forbidden-walk.ts";

/** A level under an extent, and what it is called when no order of versions keeps to it. */
export interface Cell {
  readonly name: AnomalyName;
  readonly level: Level;
  readonly extent: Extent;
}

/** From what the weakest models forbid to what only the strongest do. */
export const cells: readonly Cell[] = [
  { name: "fractured-read", level: "fractured-read", extent: "data" },
  { name: "causality-violation", level: "causality-violation", extent: "data" },
  { name: "G-single", level: "G-single", extent: "data" },
  { name: "prefix-violation", level: "prefix-violation", extent: "data" },
  { name: "G-nonadjacent", level: "G-nonadjacent", extent: "data" },
  { name: "G-update", level: "G-update", extent: "data" },
  { name: "G2-item", level: "G2-item", extent: "data" },
  { name: "causality-violation-process", level: "causality-violation", extent: "process" },
  { name: "G-single-process", level: "G-single", extent: "process" },
  { name: "G-nonadjacent-process", level: "G-nonadjacent", extent: "process" },
  { name: "G2-item-process", level: "G2-item", extent: "process" },
  { name: "G-single-realtime", level: "G-single", extent: "realtime" },
  { name: "G-nonadjacent-realtime", level: "G-nonadjacent", extent: "realtime" },
  { name: "G2-item-realtime", level: "G2-item", extent: "realtime" },
];
