import type { Edge } from "../../../history/annotations.ts";
import type { Drops, Probe } from "../protocol.ts";

/** The directed edges between nodes, as one machine can cut and examine them. */
export interface Links {
  /** Drops from now on all that is sent along the edges. Adds to what is cut already. */
  cut(edges: readonly Edge[]): Promise<void>;
  /** Lets everything through again along the edges. */
  mend(edges: readonly Edge[]): Promise<void>;
  /** Tries to get through an edge, in the way of the traffic that it carries. */
  probe(edge: Edge, timeoutMs: number): Promise<Probe>;
  /** What was kept from passing along an edge since it was cut. */
  drops(edges: readonly Edge[]): Promise<readonly Drops[]>;
  /** Lets everything through on all edges, and stops. */
  close(): Promise<void>;
}
