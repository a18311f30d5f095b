import type { Evidence } from "../../history/annotations.ts";
import type { Host } from "../../hosts/host.ts";
import type { SystemOptions } from "../../sut/system.ts";
import type { Plan } from "../plan/plan.ts";
import { answered, whySilent, withAnswer } from "./node-answer.ts";
import type { World } from "./world.ts";

/**
 * Starts a node's processes, and waits for the node to answer: a process that ends at once is no node. `life`: whether it ran
 * before in this run.
 */
export async function startNode(
  { plan, world }: { readonly plan: Plan; readonly world: World },
  host: Host,
  id: string,
  life: "first" | "restart",
): Promise<Evidence> {
  const node = host.nodes.find((known) => known.id === id);
  if (!node) throw new Error(`no node ${id}`);
  const { system, clock } = world;
  const restart = life === "restart" ? { restart: true as const } : {};
  const clocks = plan.clocks === undefined ? {} : { clocks: plan.clocks };
  const started: Evidence[] = [];
  for (const spec of system.processes(node, host.nodes, { ...systemOptions(plan), ...restart })) {
    started.push(await host.start(id, { ...spec, ...clocks }));
  }
  const answeredAfterMs = await answered(system, host, node, clock);
  return withAnswer(
    asOne(id, started),
    answeredAfterMs,
    answeredAfterMs === null ? await whySilent(system, host, id) : "",
  );
}

/** What a system is told about a run. */
export function systemOptions({ knobs, readMode, seed, mutant }: Plan): SystemOptions {
  return { knobs, readMode, seed, ...(mutant === undefined ? {} : { mutant: mutant.id }) };
}

/** The evidence of all processes of a node: each of them has to run. */
function asOne(subject: string, started: readonly Evidence[]): Evidence {
  return {
    subject,
    observation: started.map(({ observation }) => observation).join(", "),
    proves: started.length > 0 && started.every(({ proves }) => proves),
  };
}
