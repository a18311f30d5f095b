import { OptionError } from "../../../errors/errors.ts";
import { quote } from "../../../errors/quote.ts";
import { unknownName } from "../../../errors/suggest.ts";
import { type Capability, damages } from "../../../hosts/host.ts";
import { impairments } from "../../../hosts/links/impairment.ts";
import { type Choice, type Fault, type FaultVariant, needsOf } from "../../../nemesis/fault.ts";
import { variantsNamed } from "../../../nemesis/named-variants.ts";
import { faults } from "../../../nemesis/registry.ts";
import type { Schedule, ScheduledChange, ScheduledFault } from "../../../nemesis/schedule.ts";
import { formatDurationMs } from "../duration.ts";
import type { ScheduleEntry } from "./entry.ts";

/** What a schedule has to fit into. */
export interface ScheduleFrame {
  readonly nodes: readonly string[];
  readonly timeLimitMs: number;
}

/**
 * A schedule whose names are looked up and whose times fit together. Throws a UsageError that names place, value and what
 * was expected.
 */
export function resolveSchedule(entries: readonly ScheduleEntry[], frame: ScheduleFrame): Schedule {
  const resolved = entries.map((entry, place) => resolve(entry, { ...frame, place }));
  requireDistinctIds(resolved);
  const lasting = resolved.filter((due): due is ScheduledFault => "durationMs" in due);
  const faults = lasting.toSorted((one, other) => one.atMs - other.atMs);
  requireInTurn(faults, (due) => resolved.indexOf(due));
  return { faults, changes: resolved.filter((due): due is ScheduledChange => !("durationMs" in due)) };
}

interface Place extends ScheduleFrame {
  readonly place: number;
}

function resolve(entry: ScheduleEntry, at: Place): ScheduledFault | ScheduledChange {
  const fault = faults.find(({ name }) => name === entry.fault);
  if (fault === undefined) throw wrongName(at, "fault", entry.fault, faults);
  const variant = variantOf(fault, entry.variant, at);
  const choice = choiceOf(entry, fault, variant, at);
  const common = { id: entry.id ?? at.place + 1, atMs: entry.atMs, variant, ...(choice === null ? {} : { choice }) };
  if (fault.kind === "change") {
    if (entry.durationMs === undefined) return { ...common, fault };
    throw wrong(at, "durationMs", entry.durationMs, `none: a ${fault.name} is instantaneous and takes no duration`);
  }
  const { durationMs } = entry;
  if (durationMs === undefined) throw wrong(at, "durationMs", durationMs, "how long it lasts, in milliseconds");
  if (entry.atMs + durationMs > at.timeLimitMs) {
    throw wrong(at, "durationMs", durationMs, `an end within the time limit of ${formatDurationMs(at.timeLimitMs)}`);
  }
  return { ...common, durationMs, fault };
}

function variantOf(fault: Fault, name: string, at: Place): FaultVariant {
  const named = variantsNamed(fault, name, at.nodes);
  if ("variants" in named && named.variants.length === 1) return named.variants[0]!;
  const { names, expected } =
    "variants" in named
      ? { names: [], expected: `one of ${named.variants.map((variant) => variant.name).join(", ")}` }
      : named;
  throw new OptionError(pathTo(at, "variant"), unknownName(name, names, expected));
}

/** Whom it hits, if that is said. */
function choiceOf(entry: ScheduleEntry, fault: Fault, variant: FaultVariant, at: Place): Choice | null {
  const { nodes, cut, impaired, change, clocks, damage } = entry;
  const changed = change === undefined ? [] : nodesOf(change);
  const edges = [...(cut ?? []), ...(impaired?.edges ?? [])];
  const named = [...(nodes ?? []), ...edges.flat(), ...changed, ...Object.keys(clocks ?? {})];
  const unknown = named.find((node) => !at.nodes.includes(node));
  if (unknown !== undefined) throw wrong(at, "nodes", unknown, `some of ${at.nodes.join(", ")}`);
  const cuts = fault.needs.includes("cut");
  if (nodes === undefined) {
    if (cut !== undefined) throw wrong(at, "nodes", nodes, "the nodes that the cut is about");
    if (impaired !== undefined) throw wrong(at, "nodes", nodes, "the nodes whose links it impairs");
    if (change !== undefined) throw wrong(at, "nodes", nodes, "the nodes that the change is about");
    if (clocks !== undefined) throw wrong(at, "nodes", nodes, "the nodes whose clocks it sets");
    if (damage !== undefined) throw wrong(at, "nodes", nodes, "the nodes whose files are damaged");
    return null;
  }
  if (cuts !== (cut !== undefined)) throw wrong(at, "cut", cut, cuts ? "the edges to cut" : "none");
  requireImpairment(impaired, fault.needs, at);
  requireClocks(nodes, clocks, needsOf(fault, variant), at);
  requireDamage(damage, needsOf(fault, variant), at);
  return {
    nodes,
    ...(clocks === undefined ? {} : { clocks }),
    ...(damage === undefined ? {} : { damage }),
    ...(cut === undefined ? {} : { cut }),
    ...(impaired === undefined ? {} : { impaired }),
    ...(change === undefined ? {} : { change }),
  };
}

/** What a fault of links does, of its kind; none for other faults. */
function requireImpairment(impaired: ScheduleEntry["impaired"], needs: readonly Capability[], at: Place): void {
  const wanted = needs.find((need) => need in impairments);
  if (impaired?.impairment.kind === wanted) return;
  const expected = wanted === undefined ? "none" : `edges and an impairment of the kind "${wanted}"`;
  throw wrong(at, "impaired", impaired, expected);
}

/** A clock for each node, of the kind that the variant sets; none for other faults. */
function requireClocks(
  nodes: readonly string[],
  clocks: ScheduleEntry["clocks"],
  needs: readonly Capability[],
  at: Place,
): void {
  const wanted = needs.find((need) => need === "clock" || need === "clock-monotonic");
  if (wanted === undefined && clocks !== undefined) throw wrong(at, "clocks", clocks, "none");
  if (wanted === undefined) return;
  const lacking = nodes.find((node) => clocks?.[node]?.kind !== wanted);
  if (lacking === undefined) return;
  throw wrong(at, "clocks", clocks?.[lacking], `a clock of the kind "${wanted}" for ${lacking}`);
}

/** Only for faults that damage files, and with a byte in it. */
function requireDamage(damage: ScheduleEntry["damage"], needs: readonly Capability[], at: Place): void {
  if (damage === undefined) return;
  if (!damages.some((name) => needs.includes(`disk-${name}`))) throw wrong(at, "damage", damage, "none");
  const { fromByte = 0, untilByte = Number.POSITIVE_INFINITY } = damage;
  if (fromByte >= untilByte) throw wrong(at, "damage", damage, "untilByte to be larger than fromByte");
}

function nodesOf(change: NonNullable<ScheduleEntry["change"]>): readonly string[] {
  return change.type === "voters" ? change.voters : [change.node];
}

function requireDistinctIds(resolved: readonly { readonly id: number }[]): void {
  for (const [place, { id }] of resolved.entries()) {
    const first = resolved.findIndex((other) => other.id === id);
    if (first < place) throw wrong({ place }, "id", id, `another one than that of faults.${first}`);
  }
}

/** Faults of one kind come one after another: a run injects and heals them in turn. */
function requireInTurn(inOrder: readonly ScheduledFault[], placeOf: (due: ScheduledFault) => number): void {
  for (const [number, due] of inOrder.entries()) {
    const before = inOrder
      .slice(0, number)
      .find(({ atMs, durationMs, fault }) => fault === due.fault && atMs + durationMs > due.atMs);
    if (before === undefined) continue;
    const endMs = before.atMs + before.durationMs;
    const expected = `${endMs} or later, the end of faults.${placeOf(before)}, as faults of one kind must not overlap`;
    throw wrong({ place: placeOf(due) }, "atMs", due.atMs, expected);
  }
}

function wrongName(at: Place, field: string, value: string, known: readonly { readonly name: string }[]): OptionError {
  const names = known.map(({ name }) => name);
  return new OptionError(pathTo(at, field), unknownName(value, names, `one of ${names.join(", ")}`));
}

function wrong(at: { readonly place: number }, field: string, value: unknown, expected: string): OptionError {
  return new OptionError(
    pathTo(at, field),
    `${value === undefined ? "is missing" : `got ${quote(value)}`}; expected ${expected}`,
  );
}

function pathTo({ place }: { readonly place: number }, field: string): readonly PropertyKey[] {
  return ["schedule", "faults", place, field];
}
