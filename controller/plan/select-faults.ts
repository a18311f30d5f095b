import { UsageError } from "../../errors/errors.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { Capability } from "../../hosts/host.ts";
import type { Fault, LastingFault } from "../../nemesis/fault.ts";
import { faults } from "../../nemesis/registry.ts";
import { type FaultSelection, lasts } from "../../nemesis/schedule.ts";
import type { System } from "../../sut/system.ts";
import { namesOf, quote } from "./plan-options.ts";

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
    throw new UsageError(`--nemesis: got ${quote(word)}; expected different ones of ${able} to happen together`);
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
  if (!fault) throw new UsageError(`--nemesis: got ${quote(word)}; expected all, none, or some of ${namesOf(faults)}`);
  const able = capabilitiesOf(backend, system);
  const missing = fault.needs.filter((need) => !able?.has(need));
  if (missing.length > 0) {
    throw new UsageError(
      `--nemesis: ${fault.name} needs ${missing.join(", ")}, which the ${backend.name} backend cannot do here; see keelhaul doctor`,
    );
  }
  if (!isOffered(fault, system)) {
    throw new UsageError(`--nemesis: ${fault.name} needs a system whose operators can do that; ${system.name} is none`);
  }
  return { fault, variants: selectVariants(fault, variantName, nodeCount) };
}

function selectVariants(fault: Fault, variantName: string | undefined, nodeCount: number): FaultSelection["variants"] {
  const named = fault.variants.filter(({ name }) => variantName === undefined || name === variantName);
  if (named.length === 0) {
    throw new UsageError(
      `--nemesis: ${fault.name} has no variant ${quote(variantName)}; it has ${namesOf(fault.variants)}`,
    );
  }
  const possible = named.filter(({ minNodes }) => minNodes <= nodeCount);
  if (possible.length > 0) return possible;
  const fewest = Math.min(...named.map(({ minNodes }) => minNodes));
  throw new UsageError(
    `--nemesis: ${fault.name}${variantName ? `:${variantName}` : ""} needs at least ${fewest} nodes, and the plan has ${nodeCount}`,
  );
}
