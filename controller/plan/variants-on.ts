import type { Backend } from "../../hosts/backend.ts";
import { type Capability, peerPorts } from "../../hosts/host.ts";
import { inProcess } from "../../hosts/in-process/backend.ts";
import { impairments } from "../../hosts/links/impairment.ts";
import { type Fault, type FaultVariant, needsOf } from "../../nemesis/fault.ts";
import type { System } from "../../sut/system.ts";

/** What of a system decides where it runs, and what can be done to it there. */
export type Placed = Pick<System, "inProcess" | "simulated" | "ports">;

/** Whether runs of the system can be made with the backend. */
export function runsOn(backend: Backend, system: Placed): boolean {
  if (backend.kind === "simulated") return system.simulated !== undefined;
  return (system.inProcess === true) === (backend === inProcess);
}

/** The variants of a fault whose needs the backend offers, in virtual time those that the system simulates. */
export function variantsOn(backend: Backend, system: Placed, fault: Fault): readonly FaultVariant[] {
  return fault.variants.filter((variant) => missingOn(backend, system, needsOf(fault, variant)).length === 0);
}

/** Whether the backend does what a fault needs also where no variant is named. */
export function isUnasked({ offers }: Backend, needs: readonly Capability[]): boolean {
  return needs.every((need) => offers[need]?.onlyByName === undefined);
}

/** Which of the capabilities are not to be had. */
export function missingOn(
  backend: Backend,
  { simulated, ports }: Placed,
  needs: readonly Capability[],
): readonly Capability[] {
  const isSimulated = (need: Capability) => backend.kind === "machines" || simulated?.capabilities.has(need) === true;
  const hasLinks = backend.kind === "simulated" || peerPorts(ports).length > 0;
  return needs.filter(
    (need) => backend.offers[need] === undefined || !isSimulated(need) || (isOfLinks(need) && !hasLinks),
  );
}

/** Whether it is something that is done to what nodes send to each other. */
export function isOfLinks(need: Capability): boolean {
  return need === "cut" || need in impairments;
}
