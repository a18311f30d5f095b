import type { RandomStream } from "../random/stream.ts";
import { drawBurst } from "./burst.ts";
import type { ChangeFault, Choice, Fault, FaultVariant, LastingFault } from "./fault.ts";

/** A fault that a plan asks for: any of these variants. */
export interface FaultSelection<Selected extends Fault = Fault> {
  readonly fault: Selected;
  readonly variants: readonly FaultVariant[];
  /** Faults that leave each other be, one of each, that happen while this one lasts. */
  readonly meanwhile?: readonly LastingSelection[];
}

type LastingSelection = FaultSelection<LastingFault>;

/** Whether what is selected breaks something for a while. */
export function lasts(selection: FaultSelection): selection is LastingSelection {
  return selection.fault.kind === "lasting";
}

/** One injection of a fault, at a time counted from the start of the load. */
export interface ScheduledFault {
  readonly id: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly fault: LastingFault;
  readonly variant: FaultVariant;
  /** Whom it hits; left out: the variant chooses when it is due. */
  readonly choice?: Choice;
}

/** One change to the cluster, at a time counted from the start of the load. */
export interface ScheduledChange {
  readonly id: number;
  readonly atMs: number;
  readonly fault: ChangeFault;
  readonly variant: FaultVariant;
  /** As for a fault. */
  readonly choice?: Choice;
}

/** What is done to a cluster during a run, each list in the order of its times. */
export interface Schedule {
  readonly faults: readonly ScheduledFault[];
  readonly changes: readonly ScheduledChange[];
}

/**
 * How long faults and the recovery windows between them last. A fault outlasts several election timeouts, so that a
 * new leader is elected and commits; a recovery window is long enough to elect, catch up and be measured.
 */
export interface ScheduleShape {
  readonly warmUpMs: number;
  readonly faultMs: readonly [low: number, high: number];
  readonly recoveryMs: readonly [low: number, high: number];
  /** Between two changes to the cluster, which are made beside the faults. */
  readonly betweenChangesMs: readonly [low: number, high: number];
  /** The longest that a node may take to notice a lost leader. */
  readonly electionTimeoutMs: number;
}

/** The shape for a cluster whose followers notice a lost leader within `electionTimeoutMs`. */
export function scheduleShape(electionTimeoutMs: number): ScheduleShape {
  return {
    warmUpMs: 2000,
    faultMs: [3 * electionTimeoutMs, 4 * electionTimeoutMs],
    recoveryMs: [3 * electionTimeoutMs, 4 * electionTimeoutMs],
    betweenChangesMs: [2 * electionTimeoutMs, 3 * electionTimeoutMs],
    electionTimeoutMs,
  };
}

/** The shortest run that is sure to have a fault in it, and to recover from it. */
export function shortestRunMs({ warmUpMs, faultMs, recoveryMs }: ScheduleShape): number {
  return warmUpMs + faultMs[1] + recoveryMs[0];
}

/**
 * The faults of a run: one at a time, in turn from the selections, the last healed one recovery window before the end.
 * Every second one aims at the leader, where the fault can: a fault that leaves the leader alone tests little. The faults of
 * a burst have one turn, with all that happens meanwhile, and one recovery window behind them.
 */
export function planSchedule(
  selections: readonly FaultSelection[],
  shape: ScheduleShape,
  timeLimitMs: number,
  random: RandomStream,
): ScheduledFault[] {
  const lasting = selections.filter(lasts);
  const schedule: Timed[] = [];
  let last: FaultVariant | null = null;
  let atMs = shape.warmUpMs;
  let turn: LastingSelection[] = [];
  while (lasting.length > 0) {
    const durationMs = random.integer(...shape.faultMs);
    if (atMs + durationMs + shape.recoveryMs[0] > timeLimitMs) break;
    if (turn.length === 0) turn = random.shuffle(lasting);
    const selection = turn.pop()!;
    const variant = pickVariant(selection.variants, last, random);
    const healedByMs = timeLimitMs - shape.recoveryMs[0];
    const own = drawTurn({ selection, variant, atMs, durationMs, healedByMs }, shape, random);
    const endMs = own.at(-1)!.atMs + own.at(-1)!.durationMs;
    schedule.push(...own, ...drawMeanwhile(selection, { fromMs: atMs, toMs: endMs }, shape, random));
    last = variant;
    atMs = endMs + random.integer(...shape.recoveryMs);
  }
  return schedule.toSorted((one, other) => one.atMs - other.atMs).map((due, place) => ({ id: place + 1, ...due }));
}

type Timed = Omit<ScheduledFault, "id">;

interface Turn {
  readonly selection: LastingSelection;
  readonly variant: FaultVariant;
  readonly atMs: number;
  /** How long it lasts where it is no burst. */
  readonly durationMs: number;
  readonly healedByMs: number;
}

/** One fault, or those of a burst as far as they are over in time. */
function drawTurn(
  { selection: { fault }, variant, atMs, durationMs, healedByMs }: Turn,
  shape: ScheduleShape,
  random: RandomStream,
): Timed[] {
  const { burst } = variant;
  if (burst === undefined) return [{ fault, variant, atMs, durationMs }];
  const span = { most: random.integer(...burst.times), fromMs: atMs, toMs: healedByMs };
  return drawBurst(burst, span, shape.electionTimeoutMs, random).map((time) => ({ fault, variant, ...time }));
}

/** What happens while a fault lasts: a burst goes on all the time, anything else begins in its first half and ends with it. */
function drawMeanwhile(
  { meanwhile = [] }: LastingSelection,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  shape: ScheduleShape,
  random: RandomStream,
): Timed[] {
  const span = { most: Number.POSITIVE_INFINITY, fromMs, toMs };
  return meanwhile.flatMap(({ fault, variants }): Timed[] => {
    const variant = random.pick(variants);
    if (variant.burst === undefined) {
      const atMs = random.integer(fromMs, Math.floor((fromMs + toMs) / 2));
      return [{ fault, variant, atMs, durationMs: toMs - atMs }];
    }
    const times = drawBurst(variant.burst, span, shape.electionTimeoutMs, random);
    return times.map((time) => ({ fault, variant, ...time }));
  });
}

/**
 * The changes of a run, beside its faults and whatever these have broken at the time: in turn from the selections, the last
 * one a recovery window before the end. Their ids follow on those of the faults.
 */
export function planChanges(
  selections: readonly FaultSelection[],
  shape: ScheduleShape,
  { timeLimitMs, lastId }: { readonly timeLimitMs: number; readonly lastId: number },
  random: RandomStream,
): ScheduledChange[] {
  const changes = selections.flatMap(({ fault, variants }) => (fault.kind === "change" ? [{ fault, variants }] : []));
  const schedule: ScheduledChange[] = [];
  let atMs = shape.warmUpMs;
  let turn: typeof changes = [];
  while (changes.length > 0 && atMs + shape.recoveryMs[0] <= timeLimitMs) {
    if (turn.length === 0) turn = random.shuffle(changes);
    const { fault, variants } = turn.pop()!;
    schedule.push({ id: lastId + schedule.length + 1, atMs, fault, variant: random.pick(variants) });
    atMs += random.integer(...shape.betweenChangesMs);
  }
  return schedule;
}

function pickVariant(variants: readonly FaultVariant[], last: FaultVariant | null, random: RandomStream): FaultVariant {
  const atLeader = variants.filter((variant) => variant.aimsAtLeader);
  const lastMissed = last?.aimsAtLeader !== true;
  return random.pick(lastMissed && atLeader.length > 0 ? atLeader : variants);
}
