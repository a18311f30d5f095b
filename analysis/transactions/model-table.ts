import type { CycleClass, CycleName, Extent } from "./cycles.ts";
import type { Level } from "./versions/forbidden-walk.ts";

/** What is wrong with transactions besides cycles, with its meaning for people. */
export const anomalyMeanings = {
  "duplicate-elements": "a list was read that holds an element twice",
  "cyclic-versions": "values of a key each replaced one another",
  phantom: "something was read that no transaction wrote",
  "incompatible-order": "two reads of a list, or a read and its writer, have its elements in different orders",
  G1a: "a transaction read what another wrote that was certainly aborted (aborted read)",
  G1b: "a transaction read what another wrote and then replaced itself (intermediate read)",
  "dirty-update": "a committed transaction built on what an aborted one wrote",
  internal: "a transaction read something else than it had itself read or written before",
  "future-read": "a transaction read what it wrote only later (a G1c of one transaction)",
  "lost-update": "two transactions read the same version and both replaced it",
} as const satisfies Record<string, string>;
export type NonCycleName = keyof typeof anomalyMeanings;

/** What cycles do not show in general: no order of the versions keeps to what a model asks. */
export const levelMeanings = {
  "fractured-read": "a transaction read one write of another and missed a second one (fractured read)",
  "causality-violation": "a transaction missed a write that what it read, or its process did before, depends on",
  "prefix-violation": "transactions saw writes in orders that no common order of commits explains",
  "G-update": "transactions that write, with one that only reads, missed one another's writes in a circle",
} as const satisfies Partial<Record<Level, string>>;
const derivedNames = Object.keys(levelMeanings) as (keyof typeof levelMeanings)[];
export type DerivedName = (typeof derivedNames)[number] | "causality-violation-process";

/** Whether the name is one that cycles get only where a model needs it: mostly they have a better known one besides. */
export function isDerived(name: AnomalyName): boolean {
  return (derivedNames as readonly string[]).includes(name.replace(/-process$/, ""));
}

export type AnomalyName = NonCycleName | CycleName | DerivedName;

export const cycleMeanings: Readonly<Record<CycleClass, string>> = {
  G0: "transactions overwrote one another in a circle (write cycle)",
  G1c: "transactions read from and overwrote one another in a circle (circular information flow)",
  "G-single": "a transaction saw part of what came before another and missed the rest (read skew)",
  "G-nonadjacent": "transactions missed one another's writes in a circle, never two in a row",
  "G2-item": "transactions missed one another's writes in a circle (write skew)",
};

interface Model {
  /** Models that are weaker: what they forbid, this one forbids. */
  readonly above: readonly string[];
  readonly forbids: readonly AnomalyName[];
  readonly extent: Extent;
  /** Set where the model also forbids what a history of reads and writes does not show: what is left unchecked. */
  readonly unchecked?: string;
  /** Other names that it goes by. */
  readonly synonyms?: readonly string[];
}

const cyclesWith = (classes: readonly CycleClass[], extent: "process" | "realtime"): CycleName[] =>
  classes.map((name): CycleName => `${name}-${extent}`);

const snapshotCycles = ["G0", "G1c", "G-single", "G-nonadjacent"] as const;
const allCycles = [...snapshotCycles, "G2-item"] as const;

/**
 * Consistency models from weak to strong, each with what it forbids first. After Adya's thesis (PL-1 to PL-3), Bailis
 * and others ("Highly Available Transactions"), and Cerone, Bernardi and Gotsman ("A Framework for Transactional
 * Consistency Models with Atomic Visibility"), whose models have no sessions here unless their names say so.
 *
 * Of registers, an order of versions is whatever explains the reads: read-uncommitted allows any, so that a circle of
 * values that replaced one another is forbidden from read-committed on.
 */
const models = {
  "read-uncommitted": { above: [], forbids: ["G0", "duplicate-elements"], extent: "data", synonyms: ["PL-1"] },
  "read-committed": {
    above: ["read-uncommitted"],
    forbids: ["G1a", "G1b", "G1c", "incompatible-order", "dirty-update", "phantom", "cyclic-versions", "future-read"],
    extent: "data",
    synonyms: ["PL-2"],
  },
  "cursor-stability": {
    above: ["read-committed"],
    forbids: ["lost-update"],
    extent: "data",
    synonyms: ["PL-CS"],
    unchecked: "G-cursor, as cursors are not recorded",
  },
  "monotonic-view": {
    above: ["read-committed"],
    forbids: [],
    extent: "data",
    synonyms: ["PL-2L"],
    unchecked: "G-monotonic",
  },
  "monotonic-snapshot-read": {
    above: ["read-committed"],
    forbids: [],
    extent: "data",
    synonyms: ["PL-MSR"],
    unchecked: "G-MSR",
  },
  "monotonic-atomic-view": {
    above: ["read-committed"],
    forbids: [],
    extent: "data",
    synonyms: ["MAV"],
    unchecked: "that later reads of a transaction keep to what its earlier ones saw",
  },
  "read-atomic": {
    above: ["monotonic-atomic-view"],
    forbids: ["internal", "fractured-read"],
    extent: "data",
    synonyms: ["RAMP"],
  },
  "update-atomic": { above: ["read-atomic"], forbids: ["lost-update"], extent: "data", synonyms: ["ROLA"] },
  "causal-cerone": {
    above: ["read-atomic"],
    forbids: ["causality-violation"],
    extent: "data",
    synonyms: ["transactional-causal"],
  },
  causal: {
    above: ["causal-cerone"],
    forbids: ["G0-process", "G1c-process", "causality-violation-process"],
    extent: "process",
    synonyms: ["causal-consistency", "strong-session-causal"],
  },
  "consistent-view": {
    above: ["cursor-stability", "monotonic-view"],
    forbids: ["G-single", "causality-violation", "fractured-read"],
    extent: "data",
    synonyms: ["PL-2+", "basic-consistency"],
  },
  "parallel-snapshot-isolation": {
    above: ["causal-cerone", "update-atomic", "consistent-view"],
    forbids: [],
    extent: "data",
    synonyms: ["PSI"],
  },
  "forward-consistent-view": {
    above: ["consistent-view"],
    forbids: [],
    extent: "data",
    synonyms: ["PL-FCV"],
    unchecked: "G-SIb beyond G-single, as the starts of transactions are not recorded",
  },
  prefix: {
    above: ["causal-cerone"],
    forbids: ["prefix-violation"],
    extent: "data",
    synonyms: ["prefix-consistency", "prefix-consistent", "PC"],
  },
  "snapshot-isolation": {
    above: ["parallel-snapshot-isolation", "prefix", "forward-consistent-view", "monotonic-snapshot-read"],
    forbids: ["G-nonadjacent"],
    extent: "data",
    synonyms: ["PL-SI", "SI", "generalized-snapshot-isolation", "GSI"],
  },
  "update-serializable": {
    above: ["forward-consistent-view"],
    forbids: ["G-update"],
    extent: "data",
    synonyms: ["PL-3U"],
  },
  "repeatable-read": {
    above: ["cursor-stability", "monotonic-atomic-view"],
    forbids: ["G-single", "G-nonadjacent", "G2-item", ...derivedNames],
    extent: "data",
    synonyms: ["PL-2.99"],
  },
  serializable: {
    above: ["snapshot-isolation", "repeatable-read", "update-serializable"],
    forbids: [],
    extent: "data",
    synonyms: ["PL-3", "conflict-serializable", "view-serializable", "1SR"],
  },
  "strong-session-read-uncommitted": {
    above: ["read-uncommitted"],
    forbids: ["G0-process"],
    extent: "process",
    synonyms: ["strong-session-PL-1"],
  },
  "strong-session-read-committed": {
    above: ["read-committed", "strong-session-read-uncommitted"],
    forbids: ["G1c-process"],
    extent: "process",
    synonyms: ["strong-session-PL-2"],
  },
  "strong-session-snapshot-isolation": {
    above: ["snapshot-isolation", "strong-session-read-committed", "causal"],
    forbids: cyclesWith(snapshotCycles, "process"),
    extent: "process",
    synonyms: ["strong-session-PL-SI", "strong-session-SI"],
  },
  "strong-session-serializable": {
    above: ["serializable", "strong-session-snapshot-isolation"],
    forbids: cyclesWith(allCycles, "process"),
    extent: "process",
    synonyms: ["session-serializable", "strong-session-PL-3", "strong-session-1SR"],
  },
  "strong-read-uncommitted": {
    above: ["strong-session-read-uncommitted"],
    forbids: ["G0-realtime"],
    extent: "realtime",
    synonyms: ["strong-PL-1"],
  },
  "strong-read-committed": {
    above: ["strong-session-read-committed", "strong-read-uncommitted"],
    forbids: ["G1c-realtime"],
    extent: "realtime",
    synonyms: ["strong-PL-2"],
  },
  "strong-snapshot-isolation": {
    above: ["strong-session-snapshot-isolation", "strong-read-committed"],
    forbids: cyclesWith(snapshotCycles, "realtime"),
    extent: "realtime",
    synonyms: ["strong-PL-SI", "strong-SI"],
  },
  "strict-serializable": {
    above: ["strong-session-serializable", "strong-snapshot-isolation"],
    forbids: cyclesWith(allCycles, "realtime"),
    extent: "realtime",
    synonyms: ["strong-serializable", "PL-SS", "strict-1SR", "strong-1SR", "external-consistency"],
  },
} as const satisfies Record<string, Model>;
export type ModelName = keyof typeof models;
export const modelNames = Object.keys(models) as [ModelName, ...ModelName[]];

export const modelTable: Readonly<Record<string, Model>> = models;
