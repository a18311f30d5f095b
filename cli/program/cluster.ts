import { Command } from "commander";
import { type HelpSection, withHelp } from "./help.ts";
import { knobOption } from "./knob-option.ts";

export function clusterCommand(): Command {
  const command = new Command("cluster")
    .description("Run a Raft cluster by hand: watch, kill and pause its nodes; use it with `keelhaul kv` or curl")
    .option("--nodes <count>", "number of nodes that vote from the start", "3")
    .option("--spares <count>", "number of nodes that wait for `keelhaul kv add-member`", "1")
    .option("--read-mode <mode>", "how the store answers reads (default: read-index)")
    .addOption(knobOption())
    .option(
      "--data <folder>",
      "keep the data in this folder, and start from what it holds (default: a temporary folder)",
    )
    .option(
      "--base-port <port>",
      "node 1 serves HTTP on this port + 1, clients on + 101 and peers on + 201; each further node on the next port" +
        " (default: free ports)",
    )
    .action(async (flags) => {
      const { runCluster } = await import("../commands/cluster.ts");
      await runCluster(flags);
    });
  return withHelp(command, [examples]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul cluster", "three nodes and a spare; in another terminal: keelhaul kv put x 41"],
    ["keelhaul cluster --nodes 5 --data ./cluster --base-port 7000", "keep the data, on known ports"],
  ],
};
