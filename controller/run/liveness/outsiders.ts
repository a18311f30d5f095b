import type { Edge } from "../../../history/annotations.ts";
import type { Choice, LastingFault } from "../../../nemesis/fault.ts";
import { deafen, isolate, mute } from "../../../nemesis/grudges.ts";
import { kill } from "../../../nemesis/kill.ts";
import { partition } from "../../../nemesis/partition.ts";
import { pause } from "../../../nemesis/pause.ts";
import type { RandomStream } from "../../../random/stream.ts";

/** A majority that has to go on by itself, and what is done to the others for good. */
export interface Separation {
  readonly core: readonly string[];
  readonly faults: readonly { readonly fault: LastingFault; readonly choice: Choice }[];
}

const fates = ["cut off", "mute", "deaf", "down", "paused"] as const;
type Fate = (typeof fates)[number];

/** What is known of the outsiders before they are drawn. */
export interface Terms {
  /** The store promises to go on while a node that hears nobody is heard. */
  readonly bearsDeaf: boolean;
  /** Nodes that are outsiders where the others suffice, and what becomes of them; `broken`: they are already. */
  readonly settled: ReadonlyMap<string, Fate | "broken">;
}

/** A core that holds a majority of each of these sets of voters, and no more than that; a fate for everybody else. */
export function drawSeparation(
  nodes: readonly string[],
  voters: readonly (readonly string[])[],
  { bearsDeaf, settled }: Terms,
  random: RandomStream,
): Separation {
  const shuffled = random.shuffle(nodes);
  const isSettled = (node: string) => settled.has(node);
  const core = chooseCore([...shuffled.filter((node) => !isSettled(node)), ...shuffled.filter(isSettled)], voters);
  const possible = bearsDeaf ? fates : fates.filter((fate) => fate !== "deaf");
  const outsiders = nodes.filter((node) => !core.includes(node));
  const fateOf = new Map(outsiders.map((node) => [node, settled.get(node) ?? random.pick(possible)]));
  const those = (...wanted: Fate[]) => outsiders.filter((node) => wanted.some((fate) => fateOf.get(node) === fate));
  const cut = [
    ...those("cut off").flatMap((node) => isolate(node, nodes)),
    ...those("mute").flatMap((node) => mute(node, nodes)),
    ...those("deaf").flatMap((node) => deafen(node, nodes)),
  ];
  const separate = those("cut off", "mute", "deaf");
  return {
    core,
    faults: [
      { fault: partition, choice: { nodes: separate, cut: distinct(cut) } },
      { fault: kill, choice: { nodes: those("down") } },
      { fault: pause, choice: { nodes: those("paused") } },
    ].filter(({ choice }) => choice.nodes.length > 0),
  };
}

/** Those who come first are taken first. */
function chooseCore(nodes: readonly string[], voters: readonly (readonly string[])[]): readonly string[] {
  const core: string[] = [];
  const votes = (set: readonly string[]) => set.filter((node) => core.includes(node)).length;
  for (const node of nodes) {
    const lacking = voters.filter((set) => 2 * votes(set) <= set.length);
    if (lacking.some((set) => set.includes(node))) core.push(node);
  }
  return core.sort();
}

function distinct(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [edge.join("->"), edge])).values()];
}
