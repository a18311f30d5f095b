import { z } from "zod";
import { expected, expectedObject } from "../../../errors/schemas.ts";
import type { Edge } from "../../../history/annotations.ts";
import { clockCourse, clockRate } from "../../../hosts/clocks/course.ts";
import { impairment } from "../../../hosts/links/impairment.ts";
import type { Choice } from "../../../nemesis/fault.ts";
import type { ScheduledChange, ScheduledFault } from "../../../nemesis/schedule.ts";

const milliseconds = (least: number) =>
  z
    .number(expected(wholeMs(least)))
    .int(expected(wholeMs(least)))
    .min(least, expected(wholeMs(least)));
const wholeMs = (least: number): string => `milliseconds, a whole number from ${least}`;
const node = z.string(expected("a node such as n1"));
const nodes = z.array(node, expected('nodes such as ["n1"]'));
const edges = z.array(z.tuple([node, node], expected('an edge such as ["n1","n2"]')), expected("edges"));
const clockAction = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("clock"), course: clockCourse }),
    z.strictObject({ kind: z.literal("clock-monotonic"), rate: clockRate }),
  ],
  expected('a clock such as {"kind":"clock","course":{"type":"jump","offsetMs":-5000}}'),
);
const text = (what: string) => z.string(expected(what));

const byte = z.number(expected("a byte of the file, a whole number from 0")).int().min(0);
const damageRange = z.strictObject(
  { file: text("a part of a file's path").optional(), fromByte: byte.optional(), untilByte: byte.optional() },
  expectedObject('a range of bytes such as {"file":"superblock","fromByte":0,"untilByte":512}'),
);

const change = z.union(
  [
    z.strictObject({ type: z.enum(["add-learner", "promote", "remove"]), node }),
    z.strictObject({ type: z.literal("voters"), voters: nodes.min(1) }),
  ],
  expected('a change such as {"type":"remove","node":"n1"} or {"type":"voters","voters":["n1"]}'),
);

/** One fault or change of a schedule, as files and programs give it. Times count from the start of the load. */
export const scheduleEntrySchema = z.strictObject(
  {
    /** By which the history names it; left out: its place, counted from 1. */
    id: z
      .number(expected("a number from 1"))
      .int(expected("a number from 1"))
      .min(1, expected("a number from 1"))
      .optional(),
    fault: text("a fault's name"),
    variant: text("a variant's name"),
    atMs: milliseconds(0),
    /** Of a fault that lasts; left out of a change. */
    durationMs: milliseconds(1).optional(),
    /** Whom it hits; left out: chosen as the variant does, when it is due. */
    nodes: nodes.optional(),
    /** The directed edges that a partition cuts. */
    cut: edges.optional(),
    /** What a fault of links does to which directed edges. */
    impaired: z
      .strictObject(
        { edges: edges.min(1), impairment },
        expectedObject(
          'edges and what is wrong with them, such as {"edges":[["n1","n2"]],"impairment":{"kind":"link-lossy","share":0.1}}',
        ),
      )
      .optional(),
    /** What a change of members is. */
    change: change.optional(),
    /** How a clock fault sets the clocks of its nodes, by node. */
    clocks: z.record(z.string(), clockAction).optional(),
    /** The bytes that `disk:flip` and `disk:torn` may hit. */
    damage: damageRange.optional(),
  },
  expectedObject('a fault such as {"fault":"kill","variant":"one","atMs":2000,"durationMs":3000,"nodes":["n1"]}'),
);
export type ScheduleEntry = Readonly<z.output<typeof scheduleEntrySchema>>;

/** Collects what is carried out, with whom it hits: said beforehand, the same happens again. */
export function listSchedule() {
  const entries: ScheduleEntry[] = [];
  return {
    entries: entries as readonly ScheduleEntry[],
    add: (due: ScheduledFault | ScheduledChange, choice: Choice): void => void entries.push(entryOf(due, choice)),
  };
}

function entryOf(
  due: ScheduledFault | ScheduledChange,
  { nodes, cut, impaired, change, clocks, damage }: Choice,
): ScheduleEntry {
  return {
    ...{ id: due.id, fault: due.fault.name, variant: due.variant.name, atMs: due.atMs },
    ...("durationMs" in due ? { durationMs: due.durationMs } : {}),
    nodes: [...nodes],
    ...(cut === undefined ? {} : { cut: cut.map(copyOf) }),
    ...(impaired === undefined ? {} : { impaired: { ...impaired, edges: impaired.edges.map(copyOf) } }),
    ...(clocks === undefined ? {} : { clocks: { ...clocks } }),
    ...(damage === undefined ? {} : { damage: { ...damage } }),
    ...(change === undefined ? {} : { change: structuredClone(change) as NonNullable<ScheduleEntry["change"]> }),
  };
}

function copyOf([from, to]: Edge): [from: string, to: string] {
  return [from, to];
}
