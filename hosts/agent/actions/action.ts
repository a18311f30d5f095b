import type { z } from "zod";
import type { Edge, Evidence } from "../../../history/annotations.ts";
import type { Offer } from "../../backend.ts";
import type { Clocks } from "../clocks/clocks.ts";
import type { Disks } from "../disks/disks.ts";
import type { Images } from "../disks/images.ts";
import type { Links } from "../links/links.ts";
import type { Processes } from "../processes.ts";

/** The parts of a machine that actions act on. */
export interface Machine {
  readonly processes: Processes;
  readonly clocks: Clocks;
  readonly disks: Disks;
  /** The disks that nodes have of their own. */
  readonly images: Images;
  /** Throws before the links are laid. */
  readonly links: Links;
  /** What every process that is started here gets, so that it can be found when its agent is gone. */
  readonly environment: NodeJS.ProcessEnv;
}

/** A node, or a directed edge between two. */
export type Target = readonly [node: string] | Edge;

export function isEdge(target: Target): target is Edge {
  return target.length === 2;
}

/** Something that an agent does to its machine and can undo: a file each, listed in `registry.ts`. */
export interface Action<Request> {
  /** How every agent provides it; null where that is up to the backend. */
  readonly offer: Offer | null;
  readonly request: z.ZodType<Request>;
  readonly targets: (request: Request) => readonly Target[];
  /** Evidence of what can be seen on this machine alone. */
  readonly apply: (machine: Machine, request: Request) => Promise<readonly Evidence[]>;
  /** Undoes it on those of its targets that nobody else holds. Called again when that could not be shown. */
  readonly undo: (machine: Machine, targets: readonly Target[]) => Promise<readonly Evidence[]>;
}
