import type { ScheduleEntry } from "../../plan/schedule/entry.ts";
import type { ScheduleFile } from "../../plan/schedule/file.ts";
import type { Trial } from "../trials/trial.ts";
import { restaged, withSeed } from "./endings.ts";
import { fewest } from "./fewer.ts";
import { type Reduction, reductions } from "./reductions.ts";
import { Search, type SearchOptions } from "./search.ts";

export interface ShrinkOptions extends SearchOptions {
  /** The store's knobs when nothing is said of them. */
  readonly knobDefaults: Readonly<Record<string, unknown>>;
}

export interface Shrunk {
  readonly case: ScheduleFile;
  /** What the smallest run came to; null when nothing smaller fails. */
  readonly trial: Trial | null;
  readonly runs: number;
}

/**
 * A smaller run that fails in the same way. First nothing behind the failure; then a few of the faults, in runs of other
 * seeds; then fewer faults; then less time, fewer clients, operations, nodes and troubles. All in turn, until none of these
 * gets any smaller or the budget is used up. The result depends on nothing but the case and the budget.
 */
export async function shrink(from: ScheduleFile, failure: string, options: ShrinkOptions): Promise<Shrunk> {
  const search = new Search(from, failure, options);
  const ways = reductions(options.knobDefaults);
  await search.take([from]);
  const whole = search.smallest;
  let before: ScheduleFile;
  do {
    before = search.smallest;
    await stageAgain(search, whole);
    await leaveOutFaults(search);
    for (const way of ways) await reduce(search, way);
  } while (search.smallest !== before);
  return { case: search.smallest, trial: search.smallest === from ? null : search.trial, runs: search.runs };
}

/** Few enough faults to be understood, and how often each number of them is tried. */
const fewFaults = 8;
const attempts = 60;

/**
 * Leaving out a fault changes all that comes behind it, so that a failure that needs several things to meet goes with it. It
 * comes back with some other seed, if what is left is enough.
 */
async function stageAgain(search: Search, whole: ScheduleFile): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const fewer = Math.min(fewFaults, search.smallest.faults.length - 1);
    const counts = Array.from({ length: Math.max(0, fewer) }, (_, place) => place + 1);
    await search.take(counts.map((count) => restaged(whole, count, attempt)));
  }
}

async function leaveOutFaults(search: Search): Promise<void> {
  await fewest(search.smallest.faults, async (offers: readonly (readonly ScheduleEntry[])[]) => {
    const taken = await search.take(offers.map((faults) => ({ ...search.smallest, faults })));
    return taken ? search.smallest.faults : null;
  });
}

/** How many other seeds are tried, for the same reason. */
const otherSeeds = [0, 1, 2, 3];

/** Goes on in one way while it leads anywhere. */
async function reduce(search: Search, { smaller }: Reduction): Promise<void> {
  const next = () => otherSeeds.flatMap((behind) => smaller(search.smallest).map((one) => withSeed(one, behind)));
  while (await search.take(next()));
}
