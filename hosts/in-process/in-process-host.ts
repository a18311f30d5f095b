import type { Evidence } from "../../history/annotations.ts";
import type { Host, HostNode, ProcessEnd } from "../host.ts";

/** Nodes that are names alone: their store lives in this process, and nothing can be done to them. */
export class InProcessHost implements Host {
  readonly name = "in-process";
  readonly nodes: readonly HostNode[];

  constructor(nodes: readonly string[]) {
    const nowhere = { listen: {}, peers: {}, reach: {} };
    this.nodes = nodes.map((id): HostNode => ({ id, addresses: nowhere, dataDir: "", secret: "" }));
  }

  async start(node: string): Promise<Evidence> {
    return { subject: node, observation: "in the controller's own process", proves: true };
  }

  run(): Promise<never> {
    throw new Error("a node in the controller's own process runs no programs");
  }

  kill(): Promise<never> {
    return refuse("killed");
  }

  inject(): Promise<never> {
    return refuse("disturbed");
  }

  cut(): Promise<never> {
    return refuse("cut off");
  }

  impair(): Promise<never> {
    return refuse("slowed down");
  }

  async alive(): Promise<boolean> {
    return true;
  }

  async ends(): Promise<readonly ProcessEnd[]> {
    return [];
  }

  async collectLogs(): Promise<void> {}

  async destroy(): Promise<void> {}
}

async function refuse(what: string): Promise<never> {
  throw new Error(`a node in the controller's own process cannot be ${what}`);
}
