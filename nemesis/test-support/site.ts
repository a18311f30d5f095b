import type { Host } from "../../hosts/host.ts";
import { randomStream } from "../../random/stream.ts";
import { DownNodes } from "../down-nodes.ts";
import type { FaultSite } from "../fault.ts";

/** Where tests inject faults: a host that can do this much, whose nodes start again as `restart` says. */
export function siteWith(
  host: Partial<Host>,
  restart = async (node: string) => ({ subject: node, observation: "pid 2", proves: true }),
): FaultSite {
  return {
    host: host as Host,
    down: new DownNodes(host as Host, restart),
    administration: {},
    random: randomStream(1, "injections"),
  };
}
