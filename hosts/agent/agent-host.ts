import { join } from "node:path";
import type { Edge, Evidence } from "../../history/annotations.ts";
import {
  type Command,
  type CommandResult,
  type Host,
  type HostNode,
  type Impairment,
  type NodeAction,
  type ProcessEnd,
  type ProcessSpec,
  usualCommandMs,
} from "../host.ts";
import type { Injection } from "../injection.ts";
import { commandOf, requireBundle } from "./bundles.ts";
import type { Fleet } from "./fleet.ts";
import { logEnding, type Request } from "./protocol.ts";

/** Where nodes find what they run, and where their output goes. */
export interface MachinePaths {
  /** Node, as a machine's own command. */
  readonly node: string;
  /** The folder of bundles, as the controller sees it. */
  readonly bundles: string;
  /** The same folder, as a node sees it. */
  readonly bundlesOnNode: string;
  readonly logs: string;
}

/** A host that acts through agents. How machines are made and processes started is each backend's own. */
export abstract class AgentHost<Port extends string> implements Host<Port> {
  abstract readonly name: string;
  readonly nodes: readonly HostNode<Port>[];
  protected readonly fleet: Fleet;
  readonly #pathsOf: (node: string) => MachinePaths;

  constructor(nodes: readonly HostNode<Port>[], fleet: Fleet, pathsOf: (node: string) => MachinePaths) {
    this.nodes = nodes;
    this.fleet = fleet;
    this.#pathsOf = pathsOf;
  }

  async run(node: string, { timeoutMs = usualCommandMs, env = {}, ...command }: Command): Promise<CommandResult> {
    return this.fleet.run(node, { ...this.#commandOf(node, command), env, cwd: this.#dataDirOf(node), timeoutMs });
  }

  async start(node: string, spec: ProcessSpec): Promise<Evidence> {
    const cwd = this.#dataDirOf(node);
    return this.fleet.start({
      node,
      ...this.#commandOf(node, spec),
      cwd,
      log: this.logOf(node, spec),
      ...carriedOver(spec),
    });
  }

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

  impair(edges: readonly Edge[], impairment: Impairment): Promise<Injection> {
    return this.fleet.impair(edges, impairment);
  }

  async alive(node: string): Promise<boolean> {
    return (await this.fleet.state(node)).state !== "down";
  }

  ends(): Promise<readonly ProcessEnd[]> {
    return this.fleet.ends();
  }

  protected logOf(node: string, { name }: Pick<ProcessSpec, "name">): string {
    return join(this.#pathsOf(node).logs, `${node}.${logEnding(name)}`);
  }

  #commandOf(
    id: string,
    { program, args }: Pick<ProcessSpec, "program" | "args">,
  ): Pick<Request<"start">, "command" | "args"> {
    const { node, bundles, bundlesOnNode } = this.#pathsOf(id);
    requireBundle(program, bundles);
    return commandOf(program, args, { node, bundles: bundlesOnNode });
  }

  #dataDirOf(node: string): string {
    const known = this.nodes.find(({ id }) => id === node);
    if (known === undefined) throw new Error(`there is no node ${node}`);
    return known.dataDir;
  }
}

/** What of a process goes into an agent's request as it is, where it has that. */
function carriedOver({
  name,
  env,
  configuration,
  files,
  clocks,
}: ProcessSpec): Pick<Request<"start">, "name" | "env" | "configuration" | "files" | "clocks"> {
  return {
    env: { ...env },
    files: { ...files },
    ...(name === undefined ? {} : { name }),
    ...(configuration === undefined ? {} : { configuration: { ...configuration } }),
    ...(clocks === undefined ? {} : { clocks }),
  };
}
