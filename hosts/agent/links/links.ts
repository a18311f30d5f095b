import type { Edge } from "../../../history/annotations.ts";
import type { Impairment } from "../../host.ts";
import type { Measurement, Sample } from "../../links/sample.ts";
import type { Drops, Probe } from "../protocol.ts";

/** The directed edges between nodes, as one machine can cut, impair and examine them. */
export interface Links {
  /** Drops from now on all that is sent along the edges. Adds to what is cut already. */
  cut(edges: readonly Edge[]): Promise<void>;
  /** Lets everything through again along the edges. */
  mend(edges: readonly Edge[]): Promise<void>;
  /** Impairs from now on what is sent along the edges, as far as that is done on this machine. */
  impair(edges: readonly Edge[], impairment: Impairment): Promise<void>;
  /** Ends an impairment of that kind. */
  repair(edges: readonly Edge[], kind: Impairment["kind"]): Promise<void>;
  /** The port where the machine of the node answers samples. */
  echoPort(node: string): Promise<number>;
  /** Measures how an edge carries what is sent along it. `echoPort`: that of the edge's end. */
  sample(edge: Edge, echoPort: number, measurement: Measurement): Promise<Sample>;
  /** Tries to get through an edge, in the way of the traffic that it carries. */
  probe(edge: Edge, timeoutMs: number): Promise<Probe>;
  /** What was kept from passing along an edge since it was cut. */
  drops(edges: readonly Edge[]): Promise<readonly Drops[]>;
  /** Lets everything through on all edges, and stops. */
  close(): Promise<void>;
}
