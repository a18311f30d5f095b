import { OptionError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { expectedName, unknownName } from "../../errors/suggest.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { Capability } from "../../hosts/host.ts";
import { backends } from "../../hosts/registry.ts";
import { type Fault, type FaultVariant, type LastingFault, needsOf } from "../../nemesis/fault.ts";
import { variantsNamed } from "../../nemesis/named-variants.ts";
import { faults } from "../../nemesis/registry.ts";
import { type FaultSelection, lasts, type Timing } from "../../nemesis/schedule.ts";
import type { System } from "../../sut/system.ts";
import { type NamedFault, parseNemesisWord } from "./nemesis-word.ts";
import { namesOf } from "./option-schemas.ts";
import { isOfLinks, isUnasked, missingOn, runsOn, variantsOn } from "./variants-on.ts";

type FaultedSystem = Pick<System, "name" | "administration" | "simulated" | "inProcess" | "ports">;

/**
 * What `--nemesis` asks for; `all` is all that the system offers. Refuses, in one sentence, unknown names and what the
 * backend or so few nodes cannot do.
 */
export function selectFaults(
  wanted: readonly string[],
  nodes: readonly string[],
  backend: Backend,
  system: FaultedSystem,
): FaultSelection[] {
  if (wanted.length === 1 && wanted[0] === "none") return [];
  const all = wanted.length === 1 && wanted[0] === "all";
  return (all ? allNames(backend, system) : wanted).map((word) => {
    const { together, timing } = parseNemesisWord(word);
    const selected = together.map((named) => selectFault(named, nodes, backend, system));
    if (timing !== undefined) requireLasting(word, selected[0]!, timing);
    return { ...combined(word, selected), ...(timing === undefined ? {} : { timing }) };
  });
}

function combined(word: string, selected: readonly FaultSelection[]): FaultSelection {
  if (selected.length === 1) return selected[0]!;
  const [selection, ...meanwhile] = requireDistinct(word, selected);
  return { ...selection!, meanwhile };
}

function requireLasting(word: string, selection: FaultSelection, { durationMs }: Timing): void {
  if (durationMs === undefined || lasts(selection)) return;
  throw refuse(
    `got ${quote(word)}; a ${selection.fault.name} is instantaneous and takes no duration, only an interval`,
  );
}

/** Faults that happen together are of different kinds, and a change does not last. */
function requireDistinct(word: string, together: readonly FaultSelection[]): readonly FaultSelection<LastingFault>[] {
  const lasting = together.filter(lasts);
  const kinds = lasting.map(({ fault }) => fault);
  if (new Set(kinds).size < together.length) {
    const able = namesOf(faults.filter(({ kind }) => kind === "lasting"));
    throw refuse(`got ${quote(word)}; expected different ones of ${able} to happen together`);
  }
  return lasting;
}

function allNames(backend: Backend, system: FaultedSystem): readonly string[] {
  const isUsual = (fault: Fault) =>
    variantsOn(backend, system, fault).some((variant) => isUnasked(backend, needsOf(fault, variant)));
  const able = faults.filter((fault) => isOffered(fault, system) && worksOn(backend, system, fault) && isUsual(fault));
  if (able.length > 0) return able.map(({ name }) => name);
  throw refuse(`got "all"; ${whoOf(backend, system)} supports no fault; choose another backend or system`);
}

/** Whether the backend offers a variant of the fault, and nothing is known that keeps it from working here. */
function worksOn(backend: Backend, system: FaultedSystem, fault: Fault): boolean {
  const isKnownToFail = (need: Capability): boolean => (backend.offers[need]?.missing?.() ?? null) !== null;
  return variantsOn(backend, system, fault).some((variant) => !needsOf(fault, variant).some(isKnownToFail));
}

/** Who does not support what was asked for. */
function whoOf(backend: Backend, system: FaultedSystem): string {
  return backend.kind === "machines" ? `the ${backend.name} backend` : `system ${system.name} in virtual time`;
}

/** Whether the system has what the fault asks of it. */
export function isOffered(fault: Fault, system: Pick<System, "administration">): boolean {
  return fault.kind === "lasting" || fault.asks.every((action) => system.administration?.[action] !== undefined);
}

function selectFault(
  { name, variant }: NamedFault,
  nodes: readonly string[],
  backend: Backend,
  system: FaultedSystem,
): FaultSelection {
  const fault = faults.find((known) => known.name === name);
  if (!fault) {
    const names = ["all", "none", ...faults.map((known) => known.name)];
    throw refuse(unknownName(name, names, `all, none, or some of ${namesOf(faults)}`));
  }
  if (!isOffered(fault, system)) {
    throw refuse(
      `${fault.name} is a change to the cluster, which system ${system.name} does not support; choose another`,
    );
  }
  const named = namedVariants(fault, variant, nodes);
  const able = named.filter((one) => missingOn(backend, system, needsOf(fault, one)).length === 0);
  if (able.length === 0) throw refuse(unsupported(fault, named, backend, system));
  const chosen = variant === undefined ? able.filter((one) => isUnasked(backend, needsOf(fault, one))) : able;
  if (chosen.length === 0) throw refuse(mustBeNamed(fault, backend, variantsOn(backend, system, fault)));
  const word = variant === undefined ? name : `${name}:${variant}`;
  return { fault, variants: largeEnough(word, chosen, nodes.length) };
}

function mustBeNamed({ name }: Fault, backend: Backend, able: readonly FaultVariant[]): string {
  const names = able.map((variant) => `${name}:${variant.name}`).join(", ");
  return `${name} on ${backend.name} happens only where a variant is named: ${names}`;
}

function namedVariants(fault: Fault, name: string | undefined, nodes: readonly string[]): readonly FaultVariant[] {
  const named = variantsNamed(fault, name, nodes);
  if ("variants" in named) return named.variants;
  const { unknown, names, expected } = named;
  throw refuse(`${fault.name} has no variant ${quote(unknown)}; ${expectedName(unknown, names, expected)}`);
}

/** What a fault lacks, and where to find it. */
function unsupported(fault: Fault, variants: readonly FaultVariant[], backend: Backend, system: FaultedSystem): string {
  const missing = new Set(variants.flatMap((variant) => missingOn(backend, system, needsOf(fault, variant))));
  const lacksLinks = [...missing].some((need) => isOfLinks(need) && backend.offers[need] !== undefined);
  if (lacksLinks && backend.kind === "machines") {
    return `${fault.name} hits links between nodes, and system ${system.name} has no port for peers; choose another fault`;
  }
  const isAble = (other: Backend) =>
    runsOn(other, system) && variants.some((variant) => missingOn(other, system, needsOf(fault, variant)).length === 0);
  const able = backends.filter(isAble).map(({ name }) => name);
  const remedy = able.length > 0 ? `use --backend ${able.join(" or ")}` : "choose another fault or system";
  const reasons = [...missing].flatMap((need) => backend.lacks?.[need] ?? []);
  const why = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  return `${fault.name} needs ${[...missing].join(", ")}, which ${whoOf(backend, system)} does not support${why}; ${remedy}`;
}

function largeEnough(word: string, variants: readonly FaultVariant[], nodeCount: number): FaultSelection["variants"] {
  const possible = variants.filter(({ minNodes }) => minNodes <= nodeCount);
  if (possible.length > 0) return possible;
  const fewest = Math.min(...variants.map(({ minNodes }) => minNodes));
  throw refuse(`${word} needs at least ${fewest} nodes, and the plan has ${nodeCount}`);
}

function refuse(problem: string): OptionError {
  return new OptionError(["nemesis"], problem);
}
