import type { ScheduleEntry } from "../../plan/schedule/entry.ts";
import type { ScheduleFile } from "../../plan/schedule/file.ts";

/** A run that is over sooner: faults that begin later are left out, and those that last longer are cut short. */
export function endingAt(from: ScheduleFile, timeLimit: number): ScheduleFile {
  const faults = from.faults.flatMap((fault): ScheduleEntry[] => {
    if (fault.atMs >= timeLimit) return [];
    if (fault.durationMs === undefined) return [fault];
    return [{ ...fault, durationMs: Math.min(fault.durationMs, timeLimit - fault.atMs) }];
  });
  return { options: { ...from.options, timeLimit }, faults };
}

/** Before the first fault and behind the last: time for a leader to be elected, and for what is wrong to be seen. */
const calmMs = 2000;

/**
 * The run that a few successive faults make alone, with another seed. They hit whom their variants choose: who leads then is
 * another node than in the run that they are taken from. The first attempts take the faults that come last.
 */
export function restaged(from: ScheduleFile, count: number, attempt: number): ScheduleFile {
  const { options, faults } = from;
  const windows = faults.length - count + 1;
  const first = windows - 1 - (attempt % windows);
  const some = faults.slice(first, first + count);
  const earlierMs = Math.max(0, some[0]!.atMs - calmMs);
  const staged = some.map(({ fault, variant, atMs, durationMs }): ScheduleEntry => {
    return { fault, variant, atMs: atMs - earlierMs, ...(durationMs === undefined ? {} : { durationMs }) };
  });
  const endMs = Math.max(...staged.map(({ atMs, durationMs = 0 }) => atMs + durationMs));
  return withSeed({ options: { ...options, timeLimit: endMs + calmMs }, faults: staged }, attempt);
}

/** The same with the seed that comes so many behind its own. */
export function withSeed(from: ScheduleFile, behind: number): ScheduleFile {
  return { ...from, options: { ...from.options, seed: Number(from.options["seed"]) + behind } };
}
