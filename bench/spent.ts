/** What a piece of work took: by the clock, of the processor (which a busy machine does not lengthen), and of memory. */
export interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process so far. */
  readonly peakMb: number;
}

/** Does the work and says what it took. */
export function spentOn<Result>(work: () => Result): { result: Result; spent: Spent } {
  const beganMs = performance.now();
  const began = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(began);
  const seconds = (performance.now() - beganMs) / 1000;
  return {
    result,
    spent: { seconds, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 },
  };
}
