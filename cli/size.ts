const unitBytes = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** Bytes of a size such as `500MB` or `1.5 GB`; null for anything else. */
export function parseBytes(text: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(B|kB|MB|GB|TB)$/i.exec(text) ?? [];
  const named = Object.entries(unitBytes).find(([name]) => name.toLowerCase() === unit?.toLowerCase());
  return named === undefined ? null : Number(amount) * named[1];
}

/** A size as people read it: `84 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(unitBytes).findLast(([, each]) => bytes >= each) ?? ["B", 1];
  const amount = bytes / size;
  return `${amount < 10 && unit !== "B" ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
