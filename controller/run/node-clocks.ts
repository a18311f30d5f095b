import type { Host } from "../../hosts/host.ts";
import type { NodeClocks } from "../../nemesis/node-clocks.ts";
import type { System } from "../../sut/system.ts";
import type { Clock } from "../../time/clock.ts";

const answerWithinMs = 1000;

/** The clocks of nodes whose processes report the time; null where they do not. */
export function nodeClocks(system: Pick<System, "readClock">, host: Host, time: Clock): NodeClocks | null {
  if (system.readClock === undefined) return null;
  const nodes = new Map(host.nodes.map((node) => [node.id, node]));
  const read = async (node: string) => system.readClock!(nodes.get(node)!, answerWithinMs);
  return { time, read };
}
