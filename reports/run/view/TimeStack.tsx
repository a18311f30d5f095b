import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useStore } from "../../ui/store.ts";
import { gutter, type TimeView } from "./timeView.ts";

interface Props {
  view: TimeView;
  width: number;
  children: ComponentChildren;
}

/** Figures on one time axis, with a line through all of them at the moment pointed at; dragging selects a stretch. */
export function TimeStack({ view, width, children }: Props) {
  const [dragX, setDragX] = useState<number | null>(null);
  const cursorS = useStore(view.cursorS);
  const [from, to] = useStore(view.rangeS);
  const plotWidth = width - gutter.left - gutter.right;
  const toS = (x: number) => from + Math.min(1, Math.max(0, (x - gutter.left) / plotWidth)) * (to - from);
  const toX = (seconds: number) => gutter.left + ((seconds - from) / (to - from)) * plotWidth;
  const xOf = (event: PointerEvent) =>
    event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left;
  const cursorX = cursorS === null || cursorS < from || cursorS > to ? null : toX(cursorS);

  const endDrag = (event: PointerEvent) => {
    const x = xOf(event);
    if (dragX !== null && Math.abs(x - dragX) > 5) view.rangeS.set(ordered(toS(dragX), toS(x)));
    setDragX(null);
  };
  const move = (event: PointerEvent) => {
    const x = xOf(event);
    view.cursorS.set(x < gutter.left ? null : toS(x));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, these are figures
    <div
      class="time-stack"
      role="group"
      aria-label="Figures over time: arrow keys move the line, plus and minus zoom, Escape shows the whole run"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the figures are explored with arrow keys
      tabIndex={0}
      onPointerDown={(event) => event.button === 0 && setDragX(xOf(event))}
      onPointerMove={move}
      onPointerUp={endDrag}
      onPointerLeave={() => {
        view.cursorS.set(null);
        setDragX(null);
      }}
      onDblClick={() => view.rangeS.set(view.wholeS)}
      onKeyDown={(event) => onKey(event, view)}
    >
      {children}
      {cursorX !== null && <div class="cursor-line" style={{ left: `${cursorX}px` }} />}
      {dragX !== null && cursorX !== null && (
        <div
          class="selection"
          style={{ left: `${Math.min(dragX, cursorX)}px`, width: `${Math.abs(dragX - cursorX)}px` }}
        />
      )}
    </div>
  );
}

function onKey(event: KeyboardEvent, view: TimeView): void {
  const [from, to] = view.rangeS.get();
  const at = view.cursorS.get() ?? (from + to) / 2;
  const step = ((to - from) / 100) * (event.shiftKey ? 10 : 1);
  const deeds = new Map<string, () => void>([
    ["ArrowLeft", () => view.cursorS.set(Math.max(from, at - step))],
    ["ArrowRight", () => view.cursorS.set(Math.min(to, at + step))],
    ["+", () => zoom(view, at, 0.5)],
    ["-", () => zoom(view, at, 2)],
    ["Escape", () => view.rangeS.set(view.wholeS)],
  ]);
  const deed = deeds.get(event.key);
  if (!deed) return;
  event.preventDefault();
  deed();
}

function zoom(view: TimeView, aroundS: number, factor: number): void {
  const [from, to] = view.rangeS.get();
  const [first, last] = view.wholeS;
  const range = [
    Math.max(first, aroundS - (aroundS - from) * factor),
    Math.min(last, aroundS + (to - aroundS) * factor),
  ] as const;
  view.rangeS.set(range[0] === first && range[1] === last ? view.wholeS : range);
}

function ordered(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}
