import type { Edge, Evidence } from "../../history/annotations.ts";
import type { Command, CommandResult, Host, HostNode, NodeAction, ProcessEnd, ProcessSpec } from "../host.ts";
import type { Injection } from "../injection.ts";
import type { Fleet } from "./fleet.ts";
import type { Request } from "./protocol.ts";

/** A host that acts through agents. How machines are made and processes started is each backend's own. */
export abstract class AgentHost<Port extends string> implements Host<Port> {
  abstract readonly name: string;
  readonly nodes: readonly HostNode<Port>[];
  protected readonly fleet: Fleet;

  constructor(nodes: readonly HostNode<Port>[], fleet: Fleet) {
    this.nodes = nodes;
    this.fleet = fleet;
  }

  abstract run(node: string, command: Command): Promise<CommandResult>;
  abstract start(node: string, spec: ProcessSpec): Promise<Evidence>;
  abstract collectLogs(folder: string): Promise<void>;
  abstract destroy(): Promise<void>;

  kill(node: string): Promise<Evidence> {
    return this.fleet.kill(node);
  }

  inject(node: string, action: NodeAction): Promise<Injection> {
    return this.fleet.inject(node, action);
  }

  cut(edges: readonly Edge[]): Promise<Injection> {
    return this.fleet.cut(edges);
  }

  async alive(node: string): Promise<boolean> {
    return (await this.fleet.state(node)).state !== "down";
  }

  ends(): Promise<readonly ProcessEnd[]> {
    return this.fleet.ends();
  }
}

/** What of a process goes into an agent's request to start it as it is, where it has that. */
export function carriedOver({
  name,
  configuration,
  clocks,
}: ProcessSpec): Pick<Request<"start">, "name" | "configuration" | "clocks"> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(configuration === undefined ? {} : { configuration: { ...configuration } }),
    ...(clocks === undefined ? {} : { clocks }),
  };
}
