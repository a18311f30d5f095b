import { Command, Option } from "commander";
import { modelNames } from "../../analysis/transactions/model-table.ts";
import { backends } from "../../hosts/registry.ts";
import { faults } from "../../nemesis/registry.ts";
import { systemCatalog } from "../../sut/catalog.ts";
import { workloads } from "../../workloads/registry.ts";
import { exitCodesSection, jsonOption, namesIn, quietOption } from "./common-options.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { knobOption } from "./knob-option.ts";
import { parseWorld } from "./world-option.ts";

export function testCommand(): Command {
  const command = new Command("test")
    .description(
      "Run one test: start a cluster, inject faults, record what its clients see, and check that it is correct",
    )
    .optionsGroup("Cluster:")
    .option(
      "--backend <name>",
      `where the nodes run: ${namesIn(backends)} (default: local; in-process for a system that needs no machines)`,
    )
    .option("--system <name>", `the store under test: ${namesIn(systemCatalog)} (default: raft)`)
    .option("--nodes <count>", "number of nodes (default: 5)")
    .option("--read-mode <mode>", `how the store answers reads; ${readModes()} (default for raft: read-index)`)
    .addOption(knobOption())
    .option("--mutant <id>", "break one rule of the Raft store, such as M24, in the configuration that exposes it")
    .option(
      "--mutant-seeds <count>",
      "with --backend sim and no --seed: try seeds 1, 2, … until one detects the mutant, at most this many" +
        " (default: 200)",
    )
    .optionsGroup("Load:")
    .option("--workload <name>", `what clients do: ${namesIn(workloads)} (default: register)`)
    .option("--time-limit <duration>", "how long clients send operations, such as 30s or 5m (default: 60s)")
    .option("--rate <number>", "operations per second; 0 sends as many as the clients can (default: 200)")
    .option("--concurrency <clients>", "number of clients, or a multiple of the nodes such as 2n (default: 4n)")
    .option("--seed <number>", "repeats the faults and operations of a run (default: random, and printed)")
    .optionsGroup("Fault injection:")
    .option(
      "--nemesis <faults>",
      "faults from the list below, separated by commas, such as partition:leader,kill; + injects two at once;" +
        " all or none (default: none)",
    )
    .option("--schedule <file>", "inject the faults that this file gives, at its times, such as a run's schedule.json")
    .option(
      "--world <json>",
      "settings of the simulated network, disks and clocks, with --backend sim; the seed chooses the others",
      parseWorld,
    )
    .optionsGroup("Checks:")
    .option(
      "--consistency <models>",
      `the consistency models for transactions, by comma: ${modelNames.join(", ")} (default: strict-serializable)`,
    )
    .option("--no-invariants", "check only what clients can observe, not the invariants inside the store")
    .addOption(new Option("--invariants").hideHelp())
    .option("--min-load <share>", "lowest valid share of the requested operations that clients send (default: 0.5)")
    .option("--min-answered <share>", "lowest valid share of operations answered outside faults, such as 0.95")
    .option("--max-recovery <duration>", "longest valid time from healing a fault to the next write, such as 3s")
    .option(
      "--min-changes-made <share>",
      "lowest valid share of membership and leadership changes made outside faults, such as 0.95",
    )
    .option(
      "--max-elections <number>",
      "most elections per fault that are valid, such as 0.5; the first is not counted",
    )
    .option("--fail-fast", "stop at the first violation; the run is healed, stopped and reported as usual")
    .option("--shrink", "with --backend sim: search for a smaller run that fails in the same way")
    .optionsGroup("Output:")
    .option("--store <folder>", "the folder for the run folders (default: store)")
    .option("--name <name>", "name of the run in the store (default: the workload's name)")
    .option("--config <file>", "read options from a YAML file; the command line wins")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (flags) => {
      const { runTestCommand } = await import("../commands/test.ts");
      await runTestCommand(flags);
    });
  return withHelp(command, [faultsSection(), examples, exitCodesSection]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul test --nemesis partition,kill --time-limit 30s", "five Raft nodes, network cuts and crashes for 30 s"],
    ["keelhaul test --read-mode local --nemesis partition", "catch stale reads"],
    [
      "keelhaul test --backend sim --nemesis all --seed 7",
      "the same in virtual time; seed 7 always gives the same run",
    ],
    ["keelhaul test --system memory --set bug=stale-replica", "a store with a known bug, without a cluster"],
  ],
};

function readModes(): string {
  return systemCatalog.map(({ name, readModes: modes }) => `${name}: ${modes.join(", ")}`).join("; ");
}

function faultsSection(): HelpSection {
  return {
    title: "Faults for --nemesis:",
    items: faults.flatMap(({ name, description, variants }) => [
      [name, description] as const,
      ...variants.map((variant) => [`  :${variant.name}`, variant.description] as const),
    ]),
  };
}
