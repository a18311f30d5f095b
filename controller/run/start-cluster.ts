import type { Evidence } from "../../history/annotations.ts";
import { runFiles } from "../../history/test-record.ts";
import type { Command, Host, HostNode } from "../../hosts/host.ts";
import type { Machine } from "../../sut/machine.ts";
import type { Run } from "./run-context.ts";
import type { Doing } from "./stage.ts";
import { startNode, systemOptions } from "./start-node.ts";

/** Prepares the machines, starts every node, and makes one cluster of them, as far as the system asks for each of these. */
export async function startCluster(run: Run, host: Host, doing: Doing): Promise<void> {
  const { world, plan } = run;
  const { system } = world;
  const options = systemOptions(plan);
  const start = async (node: HostNode): Promise<void> => {
    if (system.install !== undefined) await system.install(machineOf(host, node), host.nodes, options);
    requireStarted(await startNode(run, host, node.id, "first"));
  };
  if (system.startsInTurn) {
    for (const node of host.nodes) {
      doing(`starting ${node.id}`);
      await start(node);
    }
  } else {
    doing(`starting ${plan.nodes.join(", ")}`);
    await Promise.all(host.nodes.map(start));
  }
  if (system.form === undefined) return;
  doing("forming the cluster");
  await system.form(
    host.nodes.map((node) => machineOf(host, node)),
    options,
  );
}

function requireStarted({ subject, observation, proves }: Evidence): void {
  if (!proves) throw new Error(`${subject}: ${observation}; see ${runFiles.logs}/${subject}.log`);
}

function machineOf(host: Host, node: HostNode): Machine {
  return {
    node,
    run: async (command) => {
      const { code, output } = await host.run(node.id, command);
      if (code !== 0) throw new Error(`${node.id}: ${inWords(command)} exited with ${code}: ${lastLineOf(output)}`);
      return output;
    },
  };
}

function inWords({ program, args }: Command): string {
  return `\`${[program, ...args].join(" ")}\``;
}

function lastLineOf(output: string): string {
  return output.trimEnd().split("\n").at(-1) || "it printed nothing";
}
