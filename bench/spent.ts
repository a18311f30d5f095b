/** What a piece of work took: by the clock, of the processor (which a busy machine does not lengthen), and of memory. */
export interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process so far. */
  readonly peakMb: number;
}

/** Does the work and says what it took. */
export function spentOn<Result>(work: () => Result): { result: Result; spent: Spent } {
  const spent = stopwatch();
  const result = work();
  return { result, spent: spent() };
}

/** The same of work that goes on in several threads. */
export async function spentOnAll<Result>(work: () => Promise<Result>): Promise<{ result: Result; spent: Spent }> {
  const spent = stopwatch();
  const result = await work();
  return { result, spent: spent() };
}

function stopwatch(): () => Spent {
  const beganMs = performance.now();
  const began = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(began);
    const seconds = (performance.now() - beganMs) / 1000;
    return { seconds, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 };
  };
}
