import type { Impossible, TimedOperation } from "../models/model.ts";
import { reachableSums, type Span } from "../objects/counter/reachable-sums.ts";
import { plural } from "../words.ts";
import { canShareOut, type Growth, type Windowed } from "./share-out.ts";
import type { Monitored } from "./stays.ts";

/** The counter was seen to hold a number: by a read, or by an increment right before and right after its own amount. */
interface Sight {
  readonly place: number;
  readonly inv: number;
  readonly ret: number;
  readonly value: number;
}

/** What was added to a counter and seen of it. */
interface Counted {
  readonly growths: readonly Growth[];
  /** Increments that were answered: what they added came right before what they saw. */
  readonly steps: readonly { readonly growth: Growth; readonly after: number }[];
  readonly sights: readonly Sight[];
}

/**
 * Decides a counter that only grows, or only falls: the values that were seen are the levels that it passed, in their
 * order, and additions are shared out between them (share-out.ts). Of one that does both it decides whether each value by
 * itself can be a sum, and leaves the rest open (null).
 */
export function monitorCounter(operations: readonly TimedOperation[], initial: number): Monitored {
  const counted = countedIn(operations);
  const amounts = [...counted.growths, ...counted.steps.map(({ growth }) => growth)].map(({ amount }) => amount);
  const isGrowing = amounts.every((amount) => amount > 0);
  if (isGrowing || amounts.every((amount) => amount < 0)) {
    const direction = isGrowing ? 1 : -1;
    const verdict = decideGrowing(directed(counted, direction), initial * direction, direction);
    if (verdict !== null) return verdict;
  }
  return unreachable(counted, initial);
}

function countedIn(operations: readonly TimedOperation[]): Counted {
  const growths: Growth[] = [];
  const steps: { growth: Growth; after: number }[] = [];
  const sights: Sight[] = [];
  for (const [place, { f, asked, value, outcome, inv, ret }] of operations.entries()) {
    const seen = (value ?? 0) as number;
    const amount = f === "read" ? 0 : (asked as number);
    const observes = outcome === "ok" && f !== "add";
    if (observes) sights.push({ place, inv, ret, value: seen });
    if (amount === 0) continue;
    const growth = { place, inv, ret, amount };
    if (!observes) growths.push(growth);
    else {
      sights.push({ place, inv, ret, value: seen - amount });
      steps.push({ growth, after: seen });
    }
  }
  return { growths, steps, sights };
}

function directed({ growths, steps, sights }: Counted, direction: 1 | -1): Counted {
  const turned = (growth: Growth): Growth => ({ ...growth, amount: growth.amount * direction });
  return {
    growths: growths.map(turned),
    steps: steps.map(({ growth, after }) => ({ growth: turned(growth), after: after * direction })),
    sights: sights.map((sight) => ({ ...sight, value: sight.value * direction })),
  };
}

/** Sights by their level: what was seen, beginning with what the counter held at first. */
interface Levels {
  readonly values: readonly number[];
  readonly levelOf: ReadonlyMap<number, number>;
}

function levelsOf(sights: readonly Sight[], initial: number): Levels {
  const values = [...new Set([initial, ...sights.map(({ value }) => value)])].sort((a, b) => a - b);
  return { values, levelOf: new Map(values.map((value, level) => [value, level])) };
}

function decideGrowing(counted: Counted, initial: number, direction: 1 | -1): Monitored {
  const { sights } = counted;
  if (sights.some(({ value }) => value < initial)) return null;
  const wrong = answeredAlike(counted, direction) ?? fallen(sights, direction);
  if (wrong !== null) return wrong;
  const isExplained = solve(counted, initial, new Set(sights.map(({ place }) => place)), stepsAtFirst);
  if (isExplained !== false) return isExplained ? "linearizable" : null;
  const needed = fewestSights(counted, initial);
  const values = [...new Set(needed.map(({ value }) => value * direction))].sort((a, b) => (a - b) * direction);
  const last = needed.toSorted((a, b) => b.value - a.value)[0]!;
  const until = needed.reduce((end, { ret }) => Math.max(end, ret), 0);
  const growths = [...counted.growths, ...counted.steps.map(({ growth }) => growth)];
  const possible = growths.filter(({ inv }) => inv <= until);
  const passed = values.length > 1 ? ` after ${values.slice(0, -1).join(", ")}` : "";
  const places = [last, ...needed, ...possible.slice(0, mostShown)].map(({ place }) => place);
  return {
    operations: [...new Set(places)],
    why: `no choice among ${plural(possible.length, "addition")} comes to ${values.at(-1)}${passed}`,
  };
}

/** Additions beyond so many make no evidence that anybody reads. */
const mostShown = 60;

/** Every increment of a counter that only grows makes a number that was never there before. */
function answeredAlike({ steps }: Counted, direction: 1 | -1): Impossible | null {
  const byAnswer = new Map<number, Growth>();
  for (const { growth, after } of steps) {
    const other = byAnswer.get(after);
    if (other !== undefined) {
      const why = `another increment was answered ${after * direction} as well: one of them was lost`;
      return { operations: [growth.place, other.place], why };
    }
    byAnswer.set(after, growth);
  }
  return null;
}

/** A value that was seen after a larger one. */
function fallen(sights: readonly Sight[], direction: 1 | -1): Impossible | null {
  const byEnd = sights.toSorted((a, b) => a.ret - b.ret);
  let highest: Sight | null = null;
  let at = 0;
  for (const later of sights.toSorted((a, b) => a.inv - b.inv)) {
    for (; at < byEnd.length && byEnd[at]!.ret < later.inv; at++) {
      if (highest === null || byEnd[at]!.value > highest.value) highest = byEnd[at]!;
    }
    if (highest === null || highest.value <= later.value) continue;
    const never = direction === 1 ? "nothing was ever subtracted" : "nothing was ever added";
    const why = `the counter had stood at ${highest.value * direction} before, and ${never}`;
    return { operations: [later.place, highest.place], why };
  }
  return null;
}

/** Whether an order exists in which these operations saw what they answered, whatever all others answered. */
function solve(
  { growths, steps, sights }: Counted,
  initial: number,
  kept: ReadonlySet<number>,
  maxSteps: number,
): boolean | null {
  const seen = sights.filter(({ place }) => kept.has(place));
  const { values, levelOf } = levelsOf(seen, initial);
  const rises = values.slice(1).map((value, level) => value - values[level]!);
  const climbed = new Set<number>();
  for (const { growth, after } of steps) {
    if (!kept.has(growth.place)) continue;
    const level = levelOf.get(after)!;
    if (levelOf.get(after - growth.amount) !== level - 1 || climbed.has(level)) return false;
    climbed.add(level);
    rises[level - 1]! -= growth.amount;
  }
  const others = steps.flatMap(({ growth }) => (kept.has(growth.place) ? [] : [growth]));
  const windowed = windowsOf([...growths, ...others], seen, levelOf, values.length);
  if (windowed.some(({ first, last }) => first > last)) return false;
  return canShareOut(windowed, rises, maxSteps);
}

/** Steps of the first attempt, and of each that makes its evidence smaller. */
const stepsAtFirst = 3_000_000;
const stepsAnAttempt = 100_000;
const mostAttempts = 100;

/** Leaves out what was seen, large parts first, as long as the rest still has no order. */
function fewestSights(counted: Counted, initial: number): Sight[] {
  let kept = [...new Set(counted.sights.map(({ place }) => place))];
  let attempts = 0;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = kept.length - size; from > -size && attempts < mostAttempts; from -= size, attempts++) {
      const without = kept.toSpliced(Math.max(0, from), size + Math.min(0, from));
      if (solve(counted, initial, new Set(without), stepsAnAttempt) === false) kept = without;
    }
  }
  return counted.sights.filter(({ place }) => kept.includes(place));
}

function windowsOf(
  growths: readonly Growth[],
  sights: readonly Sight[],
  levelOf: ReadonlyMap<number, number>,
  levels: number,
): Windowed[] {
  const byEnd = sights.toSorted((a, b) => a.ret - b.ret);
  const first = new Map<Growth, number>();
  let [highest, at] = [0, 0];
  for (const growth of growths.toSorted((a, b) => a.inv - b.inv)) {
    for (; at < byEnd.length && byEnd[at]!.ret < growth.inv; at++) {
      highest = Math.max(highest, levelOf.get(byEnd[at]!.value)!);
    }
    first.set(growth, highest + 1);
  }
  const byBegin = sights.toSorted((a, b) => b.inv - a.inv);
  const last = new Map<Growth, number>();
  let lowest = levels;
  at = 0;
  for (const growth of growths.toSorted((a, b) => (a.ret === b.ret ? 0 : b.ret - a.ret))) {
    for (; at < byBegin.length && byBegin[at]!.inv > growth.ret; at++) {
      lowest = Math.min(lowest, levelOf.get(byBegin[at]!.value)!);
    }
    last.set(growth, lowest);
  }
  return growths.map((growth) => ({ growth, first: first.get(growth)!, last: last.get(growth)! }));
}

/** So many additions in all are gone through to see what each observation alone may be. */
const mostLookedAt = 200_000;

/** A value that no choice of additions comes to, by itself. */
function unreachable({ growths, steps, sights }: Counted, initial: number): Impossible | null {
  const all = [...growths, ...steps.map(({ growth }) => growth)];
  let lookedAt = 0;
  for (const { place, inv, ret, value } of sights) {
    lookedAt += all.length;
    if (lookedAt > mostLookedAt) return null;
    const others = all.filter((growth) => growth.place !== place && growth.inv < ret);
    const certain = others.reduce((sum, growth) => (growth.ret < inv ? sum + growth.amount : sum), initial);
    const open = others.filter((growth) => growth.ret >= inv);
    const own = steps.find(({ growth }) => growth.place === place);
    const start = own?.after === value ? own.growth.amount : 0;
    const sums = reachableSums(
      certain + start,
      open.map(({ amount }) => amount),
    );
    if (sums === null || sums.some(([low, high]) => value >= low && value <= high)) continue;
    return {
      operations: [place, ...open.slice(0, mostShown).map((growth) => growth.place)],
      why: `the additions until then come to ${told(sums)}`,
    };
  }
  return null;
}

function told(sums: readonly Span[]): string {
  const spans = sums.map(([low, high]) => (low === high ? String(low) : `${low} to ${high}`));
  return spans.length > 4 ? `${spans.slice(0, 3).join(", ")}, …, ${spans.at(-1)}` : spans.join(" or ");
}
