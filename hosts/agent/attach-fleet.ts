import { UsageError } from "../../errors/errors.ts";
import type { Injection } from "../injection.ts";
import type { RunState } from "../run-state.ts";
import { AgentClient } from "./client.ts";
import { Fleet } from "./fleet.ts";

/** The agents of a run that another controller began, with leases renewed from now on, and what that one left injected. */
export async function attachFleet(
  { run, agents, token, nodes }: RunState,
  onProblem: (problem: string) => void,
): Promise<{ readonly fleet: Fleet; readonly left: readonly Injection[] }> {
  const clients = new Map<string, AgentClient>();
  const clientOf = (node: string): AgentClient => {
    const endpoint = agents[node];
    if (endpoint === undefined) throw new UsageError(`run ${run}: the address of ${node}'s agent is not known`);
    const address = `${endpoint.host}:${endpoint.port}`;
    const client = clients.get(address) ?? new AgentClient(endpoint, token);
    clients.set(address, client);
    return client;
  };
  const ids = nodes.map(({ id }) => id);
  const fleet = new Fleet(ids, clientOf, onProblem);
  try {
    const left = await fleet.takeOver();
    fleet.keepLeases();
    return { fleet, left };
  } catch (error) {
    throw new UsageError(`run ${run}: its agents do not answer; run \`keelhaul clean\``, { cause: error });
  }
}
