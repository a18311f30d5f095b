import type { ScheduleEntry } from "../../plan/schedule/entry.ts";
import type { ScheduleFile } from "../../plan/schedule/file.ts";
import { endingAt } from "./endings.ts";

/** One way to make a case smaller: the smallest first, each to be tried in turn. */
export interface Reduction {
  /** What there is less of, for people. */
  readonly of: string;
  smaller(from: ScheduleFile): readonly ScheduleFile[];
}

/** How much a run is made of. */
export function sizeOf({ options, faults }: ScheduleFile) {
  const number = (option: string): number => Number(options[option]);
  return {
    faults: faults.length,
    nodes: number("nodes"),
    clients: number("concurrency"),
    seconds: number("timeLimit") / 1000,
    rate: number("rate"),
  };
}

/** Ways to make a run smaller, other than leaving out faults. `defaults` are the knobs as they are when nothing is said. */
export function reductions(defaults: Readonly<Record<string, unknown>>): readonly Reduction[] {
  const ways: readonly Reduction[] = [
    { of: "time", smaller: (from) => [0.1, 0.25, 0.5, 0.75, 0.9].map((share) => shorter(from, share)) },
    { of: "clients", smaller: (from) => lessOf(from, "concurrency", [0.1, 0.25, 0.5, 0.75]) },
    { of: "operations a second", smaller: (from) => lessOf(from, "rate", [0.1, 0.25, 0.5, 0.75]) },
    { of: "nodes", smaller: (from) => [1, 2, 3, 4].map((count) => withNodes(from, count)) },
    { of: "troubles of the world", smaller: withFewerTroubles },
    { of: "knobs", smaller: (from) => withDefaults(from, defaults) },
    { of: "time under faults", smaller: briefer },
    { of: "time before faults", smaller: sooner },
  ];
  const isOther = (one: ScheduleFile, other: ScheduleFile) => JSON.stringify(one) !== JSON.stringify(other);
  return ways.map(({ of, smaller }) => ({ of, smaller: (from) => smaller(from).filter((one) => isOther(one, from)) }));
}

function withOptions(from: ScheduleFile, options: ScheduleFile["options"]): ScheduleFile {
  return { ...from, options: { ...from.options, ...options } };
}

function lessOf(from: ScheduleFile, option: string, shares: readonly number[]): ScheduleFile[] {
  const before = Number(from.options[option]);
  const smaller = shares.map((share) => Math.max(1, Math.floor(share * before))).filter((count) => count < before);
  return [...new Set(smaller)].map((count) => withOptions(from, { [option]: count }));
}

function shorter(from: ScheduleFile, share: number): ScheduleFile {
  return endingAt(from, Math.ceil((share * Number(from.options["timeLimit"])) / 100) * 100);
}

/** Faults that come sooner, all of them or from one on. */
function sooner(from: ScheduleFile): ScheduleFile[] {
  const pauses = from.faults.map(({ atMs }, place) => atMs - Math.max(0, ...from.faults.slice(0, place).map(endOf)));
  return pauses.flatMap((pauseMs, place) =>
    [0.25, 0.5].flatMap((share) => {
      const earlierMs = Math.floor((1 - share) * pauseMs);
      return earlierMs < 100 ? [] : [{ ...from, faults: from.faults.map(earlierFrom(place, earlierMs)) }];
    }),
  );
}

function endOf({ atMs, durationMs = 0 }: ScheduleEntry): number {
  return atMs + durationMs;
}

function earlierFrom(place: number, earlierMs: number) {
  return (fault: ScheduleEntry, at: number): ScheduleEntry =>
    at < place ? fault : { ...fault, atMs: fault.atMs - earlierMs };
}

/** Whoever is left out cannot be hit. */
function withNodes(from: ScheduleFile, count: number): ScheduleFile {
  if (count >= Number(from.options["nodes"])) return from;
  const stays = (node: string): boolean => Number(node.slice(1)) <= count;
  const faults = from.faults.flatMap((fault): ScheduleEntry[] => {
    const { nodes, cut, change } = fault;
    if (nodes === undefined) return [fault];
    const changed = change === undefined ? [] : change.type === "voters" ? change.voters : [change.node];
    if (!nodes.some(stays) || !changed.every(stays)) return [];
    const edges = cut?.filter((edge) => edge.every(stays));
    return [{ ...fault, nodes: nodes.filter(stays), ...(edges === undefined ? {} : { cut: edges }) }];
  });
  return { ...withOptions(from, { nodes: count }), faults };
}

/** A world in which none of it happens; the names are those of `System.World`. */
const noTroubles: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  network: { slow: 0, lose: 0, duplicate: 0, reorder: 0, resetsPerMinute: 0, damage: 0, late: 0 },
  disk: { slow: 0, readMs: [0, 0], losesUnsynced: false },
  clocks: { driftPercent: 0, offsetMs: 0 },
};

function withFewerTroubles(from: ScheduleFile): ScheduleFile[] {
  const world = (from.options["world"] ?? {}) as typeof noTroubles;
  const without = (part: string, troubles: Readonly<Record<string, unknown>>): ScheduleFile =>
    withOptions(from, { world: { ...world, [part]: { ...world[part], ...troubles } } });
  const none = Object.fromEntries(
    Object.entries(noTroubles).map(([part, each]) => [part, { ...world[part], ...each }]),
  );
  return [
    withOptions(from, { world: none }),
    ...Object.entries(noTroubles).map(([part, troubles]) => without(part, troubles)),
    ...Object.entries(noTroubles).flatMap(([part, troubles]) =>
      Object.entries(troubles).map(([name, absent]) => without(part, { [name]: absent })),
    ),
  ];
}

function withDefaults(from: ScheduleFile, defaults: Readonly<Record<string, unknown>>): ScheduleFile[] {
  const set = (from.options["set"] ?? {}) as Readonly<Record<string, unknown>>;
  const unusual = Object.keys(set).filter((knob) => set[knob] !== defaults[knob]);
  return [
    withOptions(from, { set: { ...defaults } }),
    ...unusual.map((knob) => withOptions(from, { set: { ...set, [knob]: defaults[knob] } })),
  ];
}

function briefer(from: ScheduleFile): ScheduleFile[] {
  return from.faults.flatMap((fault, place) => {
    const { durationMs } = fault;
    if (durationMs === undefined || durationMs < 2) return [];
    const half = { ...fault, durationMs: Math.floor(durationMs / 2) };
    return [{ ...from, faults: from.faults.with(place, half) }];
  });
}
