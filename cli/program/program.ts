import { Command } from "commander";
import { keelhaulVersion } from "../../hosts/version.ts";
import { analyzeCommand } from "./analyze.ts";
import { cleanCommand } from "./clean.ts";
import { clusterCommand } from "./cluster.ts";
import { exitCodesSection, helpCommandPurpose } from "./common-options.ts";
import { compareCommand } from "./compare.ts";
import { doctorCommand } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { kvCommand } from "./kv.ts";
import { mutantsCommand } from "./mutants.ts";
import { reportCommand } from "./report.ts";
import { reproduceCommand } from "./reproduce.ts";
import { rerunCommand } from "./rerun.ts";
import { simCommand } from "./sim.ts";
import { soakCommand } from "./soak.ts";
import { testCommand } from "./test.ts";

/** Every subcommand by its group in the help, in the order of the help; each lives in a file of its own. */
const subcommands: Readonly<Record<string, readonly (() => Command)[]>> = {
  "Run tests:": [testCommand, soakCommand, compareCommand, simCommand, mutantsCommand],
  "Work with runs and histories:": [analyzeCommand, reportCommand, rerunCommand, reproduceCommand, exportCommand],
  "Run a cluster by hand:": [clusterCommand, kvCommand],
  "This machine:": [doctorCommand, cleanCommand],
};

/**
 * The whole command line. A command loads what it does when it is run: this folder has what parsing and help need alone.
 * Throws instead of exiting, so that `main.ts` decides the exit code.
 */
export function createProgram(): Command {
  const program = new Command("keelhaul")
    .description("Injects faults into replicated key-value stores, and checks that what their clients saw was correct.")
    .version(keelhaulVersion(), "-V, --version", "show the version")
    .commandsGroup("Help:")
    .helpCommand("help [command]", helpCommandPurpose);
  for (const [group, commands] of Object.entries(subcommands)) {
    for (const make of commands) program.addCommand(make().helpGroup(group));
  }
  withHelp(program, [examples, exitCodesSection]);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(`keelhaul: ${asOneSentence(text, command)}\n`) });
  }
  return program;
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul test --nemesis partition,kill --time-limit 30s", "a Raft cluster of five nodes, for 30 s"],
    ["keelhaul test --help", "every option, fault and read mode"],
  ],
};

/** Commander's own sentence, with what it suggests on the same line, or where to read what is allowed. */
function asOneSentence(text: string, command: Command): string {
  const sentence = text
    .replace(/^error: /, "")
    .trim()
    .replace(/\n\(Did you mean (.*)\?\)$/, "; did you mean $1?")
    .replace(/argument missing$/, "needs a value")
    .replace(/^required option '(--\S+) .*' not specified$/, "$1: is missing");
  return sentence.includes("; ") ? sentence : `${sentence}; \`${pathOf(command)} --help\` shows what is allowed`;
}

/** As it is typed: `keelhaul kv get`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
