const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as `500ms`, `30s`, `5m`, `1h30m` or `7d`; null for anything else. */
export function parseDurationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy)];
  const read = parts.map(([whole]) => whole).join("");
  if (parts.length === 0 || read !== text) return null;
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * unitMs[unit as keyof typeof unitMs], 0);
}

/** A duration as people read it: `850ms`, `12.4s`, `3m 20s`. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)}ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1).replace(/\.0$/, "")}s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

/** A duration as options take it, with nothing rounded: `30s`, `1500ms`. */
export function exactDuration(durationMs: number): string {
  return durationMs % 1000 === 0 ? `${durationMs / 1000}s` : `${durationMs}ms`;
}
