import type { Evidence } from "../../history/annotations.ts";
import type { Host } from "../../hosts/host.ts";
import type { Plan } from "../plan/plan.ts";
import { answered, whySilent, withAnswer } from "./node-answer.ts";
import type { World } from "./world.ts";

/** Starts a node's process, and waits for the node to answer: a process that ends at once is no node. */
export async function startNode({ plan, world }: StartedIn, host: Host, id: string): Promise<Evidence> {
  const node = host.nodes.find((known) => known.id === id);
  if (!node) throw new Error(`no node ${id}`);
  const { knobs, readMode, seed, mutant } = plan;
  const { system, clock } = world;
  const started = await host.start(id, system.process(node, host.nodes, { knobs, readMode, seed, ...named(mutant) }));
  const answeredAfterMs = await answered(system, host, node, clock);
  return withAnswer(started, answeredAfterMs, answeredAfterMs === null ? await whySilent(system, host, id) : "");
}

interface StartedIn {
  readonly plan: Plan;
  readonly world: World;
}

function named(mutant: Plan["mutant"]): { mutant?: string } {
  return mutant === undefined ? {} : { mutant: mutant.id };
}
