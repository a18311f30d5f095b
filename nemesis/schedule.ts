import type { RandomStream } from "../random/stream.ts";
import { drawBurst } from "./burst.ts";
import type { ChangeFault, Choice, Fault, FaultVariant, LastingFault } from "./fault.ts";

/** A fault that a plan asks for: any of these variants. */
export interface FaultSelection<Selected extends Fault = Fault> {
  readonly fault: Selected;
  readonly variants: readonly FaultVariant[];
  /** Faults that leave each other be, one of each, that happen while this one lasts. */
  readonly meanwhile?: readonly LastingSelection[];
  /** Its own times; left out: it takes turns with the other faults that have none. */
  readonly timing?: Timing;
}

/** When a fault comes, as far as that is not drawn. */
export interface Timing {
  /** From the start of the load, and then from each healing, to the next injection. */
  readonly intervalMs?: number;
  readonly durationMs?: number;
}

type LastingSelection = FaultSelection<LastingFault>;

/** Whether what is selected breaks something for a while. */
export function lasts(selection: FaultSelection): selection is LastingSelection {
  return selection.fault.kind === "lasting";
}

function changesCluster(selection: FaultSelection): selection is FaultSelection<ChangeFault> {
  return selection.fault.kind === "change";
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
  /** So long faults may overlap, or follow each other closely, before all are healed for a recovery window. */
  readonly longestStretchMs: number;
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
    longestStretchMs: 20 * electionTimeoutMs,
    betweenChangesMs: [2 * electionTimeoutMs, 3 * electionTimeoutMs],
    electionTimeoutMs,
  };
}

/** The shortest run that is sure to have a fault in it, and to recover from it. */
export function shortestRunMs({ warmUpMs, faultMs, recoveryMs }: ScheduleShape, timing: Timing = {}): number {
  return (timing.intervalMs ?? warmUpMs) + (timing.durationMs ?? faultMs[1]) + recoveryMs[0];
}

/**
 * The faults of a run, the last healed one recovery window before the end. Selections without a timing of their own take
 * turns, one at a time; each of the others has turns of its own. Every second turn aims at the leader, where the fault can: a
 * fault that leaves the leader alone tests little. The faults of a burst have one turn, with all that happens meanwhile.
 * Faults of one kind never overlap: the later one waits. Where faults overlap for long, all of them wait for a recovery
 * window.
 */
export function planSchedule(
  selections: readonly FaultSelection[],
  shape: ScheduleShape,
  timeLimitMs: number,
  random: RandomStream,
): ScheduledFault[] {
  const lasting = selections.filter(lasts);
  const frame = { shape, healedByMs: timeLimitMs - shape.recoveryMs[0], random };
  const inTurn = lasting.filter(({ timing }) => timing === undefined);
  const ownTurns = lasting.filter(({ timing }) => timing !== undefined).map((selection) => [selection]);
  const rows = [inTurn, ...ownTurns].filter((row) => row.length > 0).map((row) => turnsOf(row, frame));
  const schedule = interleave(rows, frame);
  return schedule.toSorted((one, other) => one.atMs - other.atMs).map((due, place) => ({ id: place + 1, ...due }));
}

type Timed = Omit<ScheduledFault, "id">;

/** What turns have to fit into. */
interface Frame {
  readonly shape: ScheduleShape;
  readonly healedByMs: number;
  readonly random: RandomStream;
}

/** Puts the turns of several rows into one schedule. A row goes on when its last turn is over; one that finds no time ends. */
function interleave(rows: readonly Turns[], { shape, healedByMs }: Frame): Timed[] {
  const schedule: Timed[] = [];
  const waiting = rows.flatMap((row) => row.next(0) ?? []);
  let stretch = { fromMs: 0, toMs: Number.NEGATIVE_INFINITY };
  while (waiting.length > 0) {
    // Of turns that wait for the same moment, the one that was due first comes first.
    waiting.sort((one, other) => one.atMs - other.atMs || one.dueMs - other.dueMs);
    const turn = waiting.shift()!;
    const atMs = earliestMs(turn, schedule, stretch, shape);
    if (atMs > turn.atMs) {
      const later = { ...turn, atMs };
      if (endOf(later) <= healedByMs) waiting.push(later);
      continue;
    }
    const recovered = turn.atMs >= stretch.toMs + shape.recoveryMs[0];
    const toMs = Math.max(stretch.toMs, endOf(turn));
    stretch = { fromMs: recovered ? turn.atMs : stretch.fromMs, toMs };
    schedule.push(...turn.faults.map((fault) => ({ ...fault, atMs: turn.atMs + fault.atMs })));
    const next = turn.row.next(endOf(turn));
    if (next !== null) waiting.push(next);
  }
  return schedule;
}

/** Faults that are injected without a recovery window between them. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When a turn may begin: after faults of its kinds, and after a recovery window where the last one is too long ago. */
function earliestMs(turn: Turn, before: readonly Timed[], { fromMs, toMs }: Stretch, shape: ScheduleShape): number {
  const kinds = turn.faults.map(({ fault }) => fault);
  const ends = before.filter(({ fault }) => kinds.includes(fault)).map(({ atMs, durationMs }) => atMs + durationMs);
  const recoveredMs = toMs + shape.recoveryMs[0];
  const isTooLong = turn.atMs < recoveredMs && endOf(turn) > fromMs + shape.longestStretchMs;
  return Math.max(turn.atMs, ...ends, ...(isTooLong ? [recoveredMs] : []));
}

/** A fault with all that happens meanwhile, or the faults of a burst. */
interface Turn {
  readonly row: Turns;
  readonly dueMs: number;
  readonly atMs: number;
  /** Their times count from the beginning of the turn. */
  readonly faults: readonly Timed[];
}

function endOf({ atMs, faults }: Turn): number {
  return atMs + Math.max(...faults.map((fault) => fault.atMs + fault.durationMs));
}

/** Draws one turn after another; null when no time is left for it. */
interface Turns {
  /** `endMs`: when the turn before was over. */
  next(endMs: number): Turn | null;
}

/** The turns of selections: each of them once, in another order, before one comes again. */
function turnsOf(selections: readonly LastingSelection[], frame: Frame): Turns {
  const { shape, healedByMs, random } = frame;
  let round: LastingSelection[] = [];
  let last: FaultVariant | null = null;
  const { intervalMs, durationMs: givenMs } = selections[0]?.timing ?? {};
  const row: Turns = {
    next: (endMs) => {
      const pauseMs = intervalMs ?? (last === null ? shape.warmUpMs : random.integer(...shape.recoveryMs));
      const atMs = endMs + pauseMs;
      const durationMs = givenMs ?? random.integer(...shape.faultMs);
      if (atMs + durationMs > healedByMs) return null;
      if (round.length === 0) round = random.shuffle(selections);
      const selection = round.pop()!;
      const variant = pickVariant(selection.variants, last, random);
      last = variant;
      const own = drawTurn(selection, variant, { durationMs, atMostMs: healedByMs - atMs }, frame);
      const toMs = own.at(-1)!.atMs + own.at(-1)!.durationMs;
      return { row, dueMs: atMs, atMs, faults: [...own, ...drawMeanwhile(selection, toMs, frame)] };
    },
  };
  return row;
}

/** How long a turn lasts where it is no burst, and how long it may last. */
interface TurnLength {
  readonly durationMs: number;
  readonly atMostMs: number;
}

/** One fault, or those of a burst as far as they are over in time; a duration that was given is that of the whole burst. */
function drawTurn(
  { fault, timing }: LastingSelection,
  variant: FaultVariant,
  { durationMs, atMostMs }: TurnLength,
  { shape, random }: Frame,
): Timed[] {
  const { burst } = variant;
  if (burst === undefined) return [{ fault, variant, atMs: 0, durationMs }];
  const span =
    timing?.durationMs === undefined
      ? { most: random.integer(...burst.times), fromMs: 0, toMs: atMostMs }
      : { most: Number.POSITIVE_INFINITY, fromMs: 0, toMs: durationMs };
  return drawBurst(burst, span, shape.electionTimeoutMs, random).map((time) => ({ fault, variant, ...time }));
}

/** What happens while a fault lasts: a burst goes on all the time, anything else begins in its first half and ends with it. */
function drawMeanwhile({ meanwhile = [] }: LastingSelection, toMs: number, { shape, random }: Frame): Timed[] {
  const span = { most: Number.POSITIVE_INFINITY, fromMs: 0, toMs };
  return meanwhile.flatMap(({ fault, variants }): Timed[] => {
    const variant = random.pick(variants);
    if (variant.burst === undefined) {
      const atMs = random.integer(0, Math.floor(toMs / 2));
      return [{ fault, variant, atMs, durationMs: toMs - atMs }];
    }
    const times = drawBurst(variant.burst, span, shape.electionTimeoutMs, random);
    return times.map((time) => ({ fault, variant, ...time }));
  });
}

/**
 * The changes of a run, beside its faults and whatever these have broken at the time, the last one a recovery window before the
 * end: in turn from the selections, but one with an interval on its own. Their ids follow on those of the faults.
 */
export function planChanges(
  selections: readonly FaultSelection[],
  shape: ScheduleShape,
  { timeLimitMs, lastId }: { readonly timeLimitMs: number; readonly lastId: number },
  random: RandomStream,
): ScheduledChange[] {
  const changes = selections.filter(changesCluster);
  const frame = { shape, healedByMs: timeLimitMs - shape.recoveryMs[0], random };
  const inTurn = changesOf(
    changes.filter(({ timing }) => timing === undefined),
    frame,
  );
  const ownTurns = changes.filter(({ timing }) => timing !== undefined).flatMap((change) => changesOf([change], frame));
  return [...inTurn, ...ownTurns]
    .toSorted((one, other) => one.atMs - other.atMs)
    .map((due, place) => ({ id: lastId + place + 1, ...due }));
}

function changesOf(
  changes: readonly FaultSelection<ChangeFault>[],
  { shape, healedByMs, random }: Frame,
): Omit<ScheduledChange, "id">[] {
  const schedule: Omit<ScheduledChange, "id">[] = [];
  const intervalMs = changes[0]?.timing?.intervalMs;
  let atMs = intervalMs ?? shape.warmUpMs;
  let round: FaultSelection<ChangeFault>[] = [];
  while (changes.length > 0 && atMs <= healedByMs) {
    if (round.length === 0) round = random.shuffle(changes);
    const { fault, variants } = round.pop()!;
    schedule.push({ atMs, fault, variant: random.pick(variants) });
    atMs += intervalMs ?? random.integer(...shape.betweenChangesMs);
  }
  return schedule;
}

function pickVariant(variants: readonly FaultVariant[], last: FaultVariant | null, random: RandomStream): FaultVariant {
  const atLeader = variants.filter((variant) => variant.aimsAtLeader);
  const lastMissed = last?.aimsAtLeader !== true;
  return random.pick(lastMissed && atLeader.length > 0 ? atLeader : variants);
}
