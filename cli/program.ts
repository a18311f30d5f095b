import { Command } from "commander";
import { keelhaulVersion } from "../controller/plan/test-record.ts";
import { analyzeCommand } from "./commands/analyze.ts";
import { cleanCommand } from "./commands/clean.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { kvCommand } from "./commands/kv.ts";
import { mutantsCommand } from "./commands/mutants.ts";
import { reportCommand } from "./commands/report.ts";
import { simCommand } from "./commands/sim.ts";
import { testCommand } from "./commands/test.ts";

/** Every subcommand, in the order of the help; each lives in a file of its own. */
const subcommands: readonly (() => Command)[] = [
  testCommand,
  mutantsCommand,
  simCommand,
  analyzeCommand,
  reportCommand,
  exportCommand,
  clusterCommand,
  kvCommand,
  doctorCommand,
  cleanCommand,
];

/** The whole command line. Throws instead of exiting, so that `main.ts` decides the exit code. */
export function createProgram(): Command {
  const program = new Command("keelhaul")
    .description(
      "Breaks replicated key-value stores on purpose, and decides whether what clients saw was linearizable.",
    )
    .version(keelhaulVersion())
    .addHelpText("after", "\nExit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.");
  for (const make of subcommands) program.addCommand(make());
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, "keelhaul:")) });
  }
  return program;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
