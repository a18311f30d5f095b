import { Command } from "commander";
import { backends } from "../../hosts/registry.ts";
import { type Fault, needsOf } from "../../nemesis/fault.ts";
import { takesTarget } from "../../nemesis/named-variants.ts";
import { faults } from "../../nemesis/registry.ts";
import { targets } from "../../nemesis/targets.ts";
import { exitCodesSection, jsonOption, quietOption } from "./common-options.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { addPlanOptions } from "./plan-options.ts";

export function testCommand(): Command {
  const command = new Command("test").description(
    "Run one test: start a cluster, inject faults, record what its clients see, and check that it is correct",
  );
  addPlanOptions(command, "Cluster:").option(
    "--mutant-seeds <count>",
    "with --backend sim and no --seed: try seeds 1, 2, … until one detects the mutant, at most this many" +
      " (default: 200)",
  );
  addPlanOptions(command, "Load:");
  addPlanOptions(command, "Fault injection:").option(
    "--schedule <file>",
    "inject the faults that this file gives, at its times, such as a run's schedule.json",
  );
  addPlanOptions(command, "Checks:").option(
    "--shrink",
    "with --backend sim: search for a smaller run that fails in the same way",
  );
  addPlanOptions(command, "Output:")
    .option("--config <file>", "read options from a YAML file; the command line wins")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (flags) => {
      const { runTestCommand } = await import("../commands/test.ts");
      await runTestCommand(flags);
    });
  return withHelp(command, [faultsSection(), targetsSection(), timesSection, examples, exitCodesSection]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul test --nemesis partition,kill --time-limit 30s", "five Raft nodes, network cuts and crashes for 30 s"],
    ["keelhaul test --read-mode local --nemesis partition", "catch stale reads"],
    [
      "keelhaul test --nemesis partition:leader@5s/10s,kill:followers@10s/2s",
      "two faults at their own times; where they overlap, both are active",
    ],
    [
      "keelhaul test --backend sim --nemesis all --seed 7",
      "the same in virtual time; seed 7 always gives the same run",
    ],
    ["keelhaul test --system memory --set bug=stale-replica", "a store with a known bug, without a cluster"],
  ],
};

function faultsSection(): HelpSection {
  return {
    title: "Faults for --nemesis:",
    items: faults.flatMap((fault) => [
      [fault.name, `${fault.description}${onlyWith(fault)}`] as const,
      ...fault.variants.map((variant) => [`  :${variant.name}`, variant.description] as const),
    ]),
  };
}

function targetsSection(): HelpSection {
  const able = faults.filter(takesTarget).map(({ name }) => name);
  return {
    title: "Targets, such as pause:followers or clock:jump:n2:",
    items: [
      ...targets.map(({ name, description }) => [name, description] as const),
      ["n1, n1.n3", `these nodes; targets are for ${able.join(", ")}`],
    ],
  };
}

const timesSection: HelpSection = {
  title: "Times, each fault with its own, beside the others:",
  items: [
    ["kill@5s/10s", "5 s after the start, then 5 s after each heal; lasts 10 s"],
    ["kill@5s", "the same, and the seed chooses how long it lasts"],
    ["kill@/10s", "lasts 10 s, and the seed chooses when it comes"],
  ],
};

/** The backends that offer what a fault needs, where some do not. */
function onlyWith(fault: Fault): string {
  const withMachines = backends.filter(({ offers }) => Object.keys(offers).length > 0);
  const able = withMachines.filter(({ offers }) =>
    fault.variants.some((variant) => needsOf(fault, variant).every((need) => offers[need] !== undefined)),
  );
  if (able.length === withMachines.length) return "";
  return `; with --backend ${able.map(({ name }) => name).join(" or ")}`;
}
