import { reachableFrom, type Span } from "../objects/counter/reachable-sums.ts";

/** An addition in its time. Positive: what may have been added only grows. */
export interface Growth {
  readonly place: number;
  readonly inv: number;
  /** Infinity: it may have taken effect at any later time, or never. */
  readonly ret: number;
  readonly amount: number;
}

/** An addition, and between which levels it may have taken effect: above the level before `first`, at most up to `last`. */
export interface Windowed {
  readonly growth: Growth;
  readonly first: number;
  readonly last: number;
}

/** A level with what may still be used from it on, and the ways to reach it that are left to try. */
interface Frame {
  readonly open: readonly Windowed[];
  readonly ways: Iterator<ReadonlySet<Windowed>>;
}

/**
 * Whether additions can be shared out so that a counter rises by the given amounts, one after the other: each within its
 * window, all whose window ends, and none before another that had ended when it began. Depth first, level by level, the
 * additions that ended first being used first; of equal ones only that choice is tried, for the others can do no more.
 * Null: too many steps.
 */
export function canShareOut(
  additions: readonly Windowed[],
  rises: readonly number[],
  maxSteps: number,
): boolean | null {
  const byFirst = Map.groupBy(additions, ({ first }) => first);
  const budget = { steps: maxSteps };
  const failed = new Set<string>();
  const openAt = (level: number, left: readonly Windowed[]): Windowed[] => {
    budget.steps -= left.length;
    return [...left, ...(byFirst.get(level) ?? [])].sort(byEnd);
  };
  const frames: Frame[] = [];
  const enter = (level: number, left: readonly Windowed[]): void => {
    const open = openAt(level, left);
    const isHopeless = failed.size > 0 && failed.has(nameOf(level, open));
    const ways = isHopeless ? [].values() : waysTo(level, open, rises[level - 1]!, budget);
    frames.push({ open, ways });
  };
  if (rises.length === 0) return true;
  enter(1, []);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (budget.steps-- <= 0) return null;
    const { value: used } = frame.ways.next();
    if (used === undefined) {
      failed.add(nameOf(frames.length, frame.open));
      frames.pop();
    } else if (frames.length === rises.length) return true;
    else {
      const left = frame.open.filter((one) => !used.has(one));
      enter(frames.length + 1, left);
    }
  }
  return budget.steps <= 0 ? null : false;
}

function byEnd(a: Windowed, b: Windowed): number {
  if (a.growth.ret !== b.growth.ret) return a.growth.ret < b.growth.ret ? -1 : 1;
  return b.growth.amount - a.growth.amount || a.growth.inv - b.growth.inv;
}

function nameOf(level: number, open: readonly Windowed[]): string {
  return `${level}:${open.map(({ growth }) => growth.place).join()}`;
}

/** Sets of additions that make the counter rise to a level, of those that are open, by their ends. */
function* waysTo(
  level: number,
  open: readonly Windowed[],
  rise: number,
  budget: { steps: number },
): Generator<ReadonlySet<Windowed>> {
  const until = open.findIndex(({ last }) => last > level);
  const due = until < 0 ? open : open.slice(0, until);
  const rest = until < 0 ? [] : open.slice(until);
  const left = rise - sumOf(due);
  if (left < 0) return;
  if (left === 0) yield new Set(due);
  // As many as fit of those that ended first, and after the first that is left out only such as it did not precede.
  const sums = [0];
  while (sums.length <= rest.length && sums.at(-1)! < left)
    sums.push(sums.at(-1)! + rest[sums.length - 1]!.growth.amount);
  if (sums.at(-1) === left && left > 0) yield new Set([...due, ...rest.slice(0, sums.length - 1)]);
  for (let taken = Math.min(sums.length - 2, rest.length - 1); taken >= 0; taken--) {
    const skipped = rest[taken]!.growth;
    const behind = rest
      .slice(taken + 1)
      .filter(({ growth }) => growth.inv < skipped.ret && growth.amount !== skipped.amount);
    budget.steps -= rest.length - taken;
    if (budget.steps <= 0) return;
    if (left === sums[taken]) continue;
    for (const chosen of choices(behind, left - sums[taken]!, budget)) {
      yield new Set([...due, ...rest.slice(0, taken), ...chosen]);
    }
  }
}

/** Additions of one amount, the first to end first. */
interface Kind {
  readonly amount: number;
  readonly members: readonly Windowed[];
  /** What these and the kinds behind come to in all. */
  readonly most: number;
  /** What these and the kinds behind can come to; null: anything, as far as is known. */
  readonly sums: readonly Span[] | null;
}

/** Choices of additions that come to a sum; of equal ones the first. */
function* choices(from: readonly Windowed[], sum: number, budget: { steps: number }): Generator<Windowed[]> {
  const grouped = [...Map.groupBy(from, ({ growth }) => growth.amount)].sort(([a], [b]) => a - b);
  const kinds: Kind[] = [];
  let most = 0;
  let sums: readonly Span[] | null = [[0, 0]];
  for (const [amount, members] of grouped) {
    const count = Math.min(members.length, Math.floor(sum / amount));
    most += amount * count;
    sums = sums === null ? null : withSome(sums, amount, count, sum);
    budget.steps -= 1 + (sums?.length ?? 0);
    kinds.unshift({ amount, members, most, sums });
  }
  yield* choicesOf(kinds, 0, sum, budget);
}

/** The largest amounts first: what is left then fits into few. */
function* choicesOf(kinds: readonly Kind[], at: number, sum: number, budget: { steps: number }): Generator<Windowed[]> {
  if (sum === 0) {
    yield [];
    return;
  }
  const kind = kinds[at];
  if (budget.steps-- <= 0 || kind === undefined || kind.most < sum) return;
  if (kind.sums !== null && !kind.sums.some(([low, high]) => sum >= low && sum <= high)) return;
  for (let count = Math.min(kind.members.length, Math.floor(sum / kind.amount)); count >= 0; count--) {
    for (const others of choicesOf(kinds, at + 1, sum - count * kind.amount, budget)) {
      yield [...kind.members.slice(0, count), ...others];
    }
  }
}

/** Finding out what is possible must not cost more than trying it. */
const mostSpans = 512;

/** Sums with up to so many more of one amount, none above a bound: as parts of 1, 2, 4, … of them. */
function withSome(sums: readonly Span[], amount: number, count: number, bound: number): readonly Span[] | null {
  const parts: number[] = [];
  for (let size = 1, left = count; left > 0; left -= size, size *= 2) parts.push(amount * Math.min(size, left));
  const all = reachableFrom(sums, parts, mostSpans);
  return all === null ? null : all.filter(([low]) => low <= bound);
}

function sumOf(additions: readonly Windowed[]): number {
  return additions.reduce((sum, { growth }) => sum + growth.amount, 0);
}
