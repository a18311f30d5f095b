import type uPlot from "uplot";
import { cssColor } from "../../ui/theme.ts";
import type { Latency } from "../digest/types.ts";

type Mark = (ctx: CanvasRenderingContext2D, x: number, y: number, size: number) => void;

/** Each outcome has its own shape, so that it can be told without its colour. */
const marks = {
  ok: (ctx, x, y, size) => ctx.fillRect(x - size / 2, y - size / 2, size, size),
  fail: (ctx, x, y, size) => {
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.moveTo(x + size, y - size);
    ctx.lineTo(x - size, y + size);
  },
  info: (ctx, x, y, size) => {
    ctx.moveTo(x, y - size * 1.2);
    ctx.lineTo(x + size * 1.1, y + size * 0.9);
    ctx.lineTo(x - size * 1.1, y + size * 0.9);
    ctx.closePath();
  },
} as const satisfies Record<string, Mark>;

/** Draws single operations as points; what is rare comes last, on top. */
export function drawPoints(chart: uPlot, latency: Latency): void {
  const { ctx, bbox } = chart;
  const size = 2.4 * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.1 * devicePixelRatio;
  for (const outcome of ["ok", "fail", "info"] as const) {
    const { seconds, ms } = latency.points[outcome];
    ctx.globalAlpha = outcome === "ok" ? 0.45 : 0.9;
    ctx.fillStyle = cssColor(outcome);
    ctx.strokeStyle = cssColor(outcome);
    ctx.beginPath();
    seconds.forEach((second, at) => {
      const x = chart.valToPos(second, "x", true);
      if (x >= bbox.left && x <= bbox.left + bbox.width)
        marks[outcome](ctx, x, chart.valToPos(ms[at]!, "y", true), size);
    });
    ctx.stroke();
  }
  ctx.restore();
}
