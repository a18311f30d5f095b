import type { RandomStream } from "../random/stream.ts";
import type { Burst, ChangeFault, Choice, Fault, FaultVariant, LastingFault } from "./fault.ts";

/** A fault that a plan asks for: any of these variants. */
export interface FaultSelection {
  readonly fault: Fault;
  readonly variants: readonly FaultVariant[];
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
 * a burst have one turn, and one recovery window behind them.
 */
export function planSchedule(
  selections: readonly FaultSelection[],
  shape: ScheduleShape,
  timeLimitMs: number,
  random: RandomStream,
): ScheduledFault[] {
  const lasting = selections.flatMap(({ fault, variants }) => (fault.kind === "lasting" ? [{ fault, variants }] : []));
  const schedule: ScheduledFault[] = [];
  let atMs = shape.warmUpMs;
  let turn: typeof lasting = [];
  while (lasting.length > 0) {
    const durationMs = random.integer(...shape.faultMs);
    if (atMs + durationMs + shape.recoveryMs[0] > timeLimitMs) break;
    if (turn.length === 0) turn = random.shuffle(lasting);
    const { fault, variants } = turn.pop()!;
    const variant = pickVariant(variants, schedule, random);
    const times = variant.burst === undefined ? [{ afterMs: 0, durationMs }] : drawBurst(variant.burst, shape, random);
    for (const one of times) {
      const endMs = atMs + one.afterMs + one.durationMs;
      if (endMs + shape.recoveryMs[0] > timeLimitMs) break;
      schedule.push({
        id: schedule.length + 1,
        atMs: atMs + one.afterMs,
        durationMs: one.durationMs,
        fault,
        variant,
      });
      atMs = endMs;
    }
    atMs += random.integer(...shape.recoveryMs);
  }
  return schedule;
}

/** How long each fault of a burst lasts, and how long after the one before it begins. */
function drawBurst({ times, lasts, pauses }: Burst, { electionTimeoutMs }: ScheduleShape, random: RandomStream) {
  const draw = ([least, most]: readonly [number, number]): number =>
    random.integer(Math.ceil(least * electionTimeoutMs), Math.ceil(most * electionTimeoutMs));
  return Array.from({ length: random.integer(...times) }, (_, place) => ({
    afterMs: place === 0 ? 0 : draw(pauses),
    durationMs: Math.max(1, draw(lasts)),
  }));
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

function pickVariant(
  variants: readonly FaultVariant[],
  before: readonly ScheduledFault[],
  random: RandomStream,
): FaultVariant {
  const atLeader = variants.filter((variant) => variant.aimsAtLeader);
  const lastMissed = !(before.at(-1)?.variant.aimsAtLeader ?? false);
  return random.pick(lastMissed && atLeader.length > 0 ? atLeader : variants);
}
