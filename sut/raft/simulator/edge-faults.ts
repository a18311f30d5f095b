import type { Edge as EdgeName, Evidence } from "../../../history/annotations.ts";
import type { Impairment } from "../../../hosts/host.ts";
import { type Injection, injection } from "../../../hosts/injection.ts";
import { impairedEvidence, recoveredEvidence } from "../../../hosts/links/evidence.ts";
import { measurementOf, type Sample } from "../../../hosts/links/sample.ts";
import { heldByOthers, Shares } from "../../../hosts/shares.ts";
import type { Clock } from "../../../time/clock.ts";
import type { Cluster } from "./cluster.ts";
import type { Edge } from "./edge.ts";
import { sampleEdge } from "./sample-edge.ts";

/** What faults do to the edges of a simulated cluster. */
export function edgeFaults(cluster: Cluster, time: Clock) {
  /** By edge; impairments by kind and edge. */
  const cuts = new Shares();
  const impaired = new Shares();
  return {
    cut: async (names: readonly EdgeName[]): Promise<Injection> => {
      const keys = names.map(nameOf);
      const release = cuts.take(keys);
      const made = names.map((name) => {
        const edge = cluster.edge(...name);
        edge.cut();
        return evidence(name, "cut", edge.isCut);
      });
      return injection(made, async () => {
        release();
        return [...cluster.edges()].flatMap(([name, edge]) => {
          if (!edge.isCut || !keys.includes(nameOf(name))) return [];
          if (cuts.isHeld(nameOf(name))) return [heldByOthers(nameOf(name))];
          edge.mend();
          return [evidence(name, `open; ${edge.keptBack} messages were kept back`, !edge.isCut)];
        });
      });
    },
    impair: async (names: readonly EdgeName[], impairment: Impairment): Promise<Injection> => {
      const edges = names.map((name) => ({ name, edge: cluster.edge(...name) }));
      const sample = ({ edge }: NamedEdge): Promise<Sample> => sampleEdge(edge, measurementOf(impairment), time);
      const before = await Promise.all(edges.map(sample));
      const keyOf = (name: EdgeName): string => `${impairment.kind} ${nameOf(name)}`;
      const release = impaired.take(names.map(keyOf));
      for (const { edge } of edges) edge.impair(impairment);
      const during = await Promise.all(edges.map(sample));
      const made = edges.map(({ name }, place) => impairedEvidence(name, impairment, before[place]!, during[place]!));
      return injection(made, async () => {
        release();
        const isHeld = ({ name }: NamedEdge): boolean => impaired.isHeld(keyOf(name));
        for (const one of edges) if (!isHeld(one)) one.edge.repair(impairment.kind);
        const after = await Promise.all(edges.map(sample));
        return edges.map((one, place) => {
          if (isHeld(one)) return heldByOthers(nameOf(one.name));
          if (one.edge.isCut) return evidence(one.name, "repaired; another fault cuts it", true);
          return recoveredEvidence(one.name, impairment, before[place]!, after[place]!);
        });
      });
    },
  };
}

interface NamedEdge {
  readonly name: EdgeName;
  readonly edge: Edge;
}

function evidence(name: EdgeName, observation: string, proves: boolean): Evidence {
  return { subject: nameOf(name), observation, proves };
}

function nameOf(edge: EdgeName): string {
  return edge.join("->");
}
