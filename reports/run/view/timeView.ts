import { createStore, type Store } from "../../ui/store.ts";
import type { RunDigest } from "../digest/types.ts";

/** The stretch of the run that all figures over time show, and the moment that the reader points at. */
export interface TimeView {
  readonly wholeS: readonly [from: number, to: number];
  readonly rangeS: Store<readonly [from: number, to: number]>;
  readonly cursorS: Store<number | null>;
}

/** Left and right of the plotted area, in pixels: the same for every figure, so that they align. */
export const gutter = { left: 76, right: 16 } as const;

export function createTimeView(digest: RunDigest): TimeView {
  const wholeS = [0, Math.max(digest.essentials.durationNs / 1e9, 0.001)] as const;
  return { wholeS, rangeS: createStore<readonly [number, number]>(wholeS), cursorS: createStore<number | null>(null) };
}

/** Scrolls to the figures over time, and shows a stretch of it with some of what came before and after. */
export function showStretch({ rangeS, wholeS }: TimeView, fromNs: number, toNs: number): void {
  const [fromS, toS] = [fromNs / 1e9, toNs / 1e9];
  const margin = Math.max((toS - fromS) * 0.35, 0.1);
  rangeS.set([Math.max(wholeS[0], fromS - margin), Math.min(wholeS[1], toS + margin)]);
  document.getElementById("time")?.scrollIntoView();
}
