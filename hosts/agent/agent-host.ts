import type { Edge, Evidence } from "../../history/annotations.ts";
import type { Capability, Host, HostNode, ProcessEnd, ProcessSpec } from "../host.ts";
import type { Fleet } from "./fleet.ts";

/** A host whose deeds are done by agents. How machines are made, how a process is started, is each backend's own. */
export abstract class AgentHost implements Host {
  abstract readonly name: string;
  abstract readonly capabilities: ReadonlySet<Capability>;
  readonly nodes: readonly HostNode[];
  protected readonly fleet: Fleet;

  constructor(nodes: readonly HostNode[], fleet: Fleet) {
    this.nodes = nodes;
    this.fleet = fleet;
  }

  abstract start(node: string, spec: ProcessSpec): Promise<Evidence>;
  abstract collectLogs(folder: string): Promise<void>;
  abstract destroy(): Promise<void>;

  kill(node: string): Promise<Evidence> {
    return this.fleet.kill(node);
  }

  pause(node: string): Promise<Evidence> {
    return this.fleet.pause(node);
  }

  resume(node: string): Promise<Evidence> {
    return this.fleet.resume(node);
  }

  cut(edges: readonly Edge[]): Promise<readonly Evidence[]> {
    return this.fleet.cut(edges);
  }

  mend(): Promise<readonly Evidence[]> {
    return this.fleet.mend();
  }

  async alive(node: string): Promise<boolean> {
    return (await this.fleet.state(node)).state !== "down";
  }

  ends(): Promise<readonly ProcessEnd[]> {
    return this.fleet.ends();
  }
}
