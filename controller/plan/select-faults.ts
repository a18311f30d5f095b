import { OptionError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { expectedName, unknownName } from "../../errors/suggest.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { Capability } from "../../hosts/host.ts";
import type { Fault, LastingFault } from "../../nemesis/fault.ts";
import { faults } from "../../nemesis/registry.ts";
import { type FaultSelection, lasts } from "../../nemesis/schedule.ts";
import type { System } from "../../sut/system.ts";
import { namesOf } from "./option-schemas.ts";

/**
 * What `--nemesis` asks for; `all` is all that the system offers. Refuses, in one sentence, unknown names and what the
 * backend or so few nodes cannot do.
 */
export function selectFaults(
  wanted: readonly string[],
  nodeCount: number,
  backend: Backend,
  system: Pick<System, "name" | "administration" | "simulated">,
): FaultSelection[] {
  if (wanted.length === 1 && wanted[0] === "none") return [];
  const all = wanted.length === 1 && wanted[0] === "all";
  const everywhere = faults.filter((fault) => isOffered(fault, system) && !isExtra(fault, backend, system));
  return (all ? namesOf(everywhere).split(", ") : wanted).map((word) => {
    const together = word.split("+").map((part) => selectFault(part, nodeCount, backend, system));
    if (together.length === 1) return together[0]!;
    const [selection, ...meanwhile] = requireDistinct(word, together);
    return { ...selection!, meanwhile };
  });
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

/** Whether it needs what few backends can do, and this one cannot: then `all` does without. */
function isExtra({ needs }: Fault, backend: Backend, system: Pick<System, "simulated">): boolean {
  const able = capabilitiesOf(backend, system);
  return needs.includes("disk") && able?.has("disk") !== true;
}

function capabilitiesOf(backend: Backend, system: Pick<System, "simulated">): ReadonlySet<Capability> | undefined {
  return backend.kind === "machines" ? backend.capabilities : system.simulated?.capabilities;
}

/** Whether the system has what the fault asks of it. */
export function isOffered(fault: Fault, system: Pick<System, "administration">): boolean {
  return fault.kind === "lasting" || system[fault.asks] !== undefined;
}

function selectFault(
  word: string,
  nodeCount: number,
  backend: Backend,
  system: Pick<System, "name" | "administration" | "simulated">,
): FaultSelection {
  const [name, variantName] = word.split(":") as [string, string?];
  const fault = faults.find((known) => known.name === name);
  if (!fault) {
    const names = ["all", "none", ...faults.map((known) => known.name)];
    throw refuse(unknownName(name, names, `all, none, or some of ${namesOf(faults)}`));
  }
  const able = capabilitiesOf(backend, system);
  const missing = fault.needs.filter((need) => !able?.has(need));
  if (missing.length > 0) {
    throw refuse(
      `${fault.name} needs ${missing.join(", ")}, which the ${backend.name} backend cannot do here; see \`keelhaul doctor\``,
    );
  }
  if (!isOffered(fault, system)) {
    throw refuse(
      `${fault.name} is a change to the cluster, which system ${system.name} does not support; choose another`,
    );
  }
  return { fault, variants: selectVariants(fault, variantName, nodeCount) };
}

function selectVariants(fault: Fault, variantName: string | undefined, nodeCount: number): FaultSelection["variants"] {
  const named = fault.variants.filter(({ name }) => variantName === undefined || name === variantName);
  if (named.length === 0) {
    const names = fault.variants.map(({ name }) => name);
    const expected = expectedName(variantName, names, `one of ${names.join(", ")}`);
    throw refuse(`${fault.name} has no variant ${quote(variantName)}; ${expected}`);
  }
  const possible = named.filter(({ minNodes }) => minNodes <= nodeCount);
  if (possible.length > 0) return possible;
  const fewest = Math.min(...named.map(({ minNodes }) => minNodes));
  throw refuse(
    `${fault.name}${variantName ? `:${variantName}` : ""} needs at least ${fewest} nodes, and the plan has ${nodeCount}`,
  );
}

function refuse(problem: string): OptionError {
  return new OptionError(["nemesis"], problem);
}
