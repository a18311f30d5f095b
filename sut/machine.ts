import type { Command, HostNode } from "../hosts/host.ts";

/** A node's machine, as its system prepares it. */
export interface Machine {
  readonly node: HostNode;
  /**
   * Runs a program to its end, in the node's data directory, and answers what it printed. Rejects, with its last line, when it
   * is not there or ends with another exit code than 0.
   */
  run(command: Command): Promise<string>;
}
