import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { parseOptions } from "../../controller/plan/plan-options.ts";
import { createProgram } from "./program.ts";

const root = createProgram();
const commands = [root, ...root.commands, ...root.commands.flatMap(({ commands: nested }) => nested)];

function helpOf(command: Command, columns: number): string {
  return command.configureOutput({ getOutHelpWidth: () => columns }).helpInformation();
}

function command(name: string): Command {
  return commands.find((known) => known.name() === name)!;
}

test.each([60, 80, 100])(
  "every help fits a terminal of %i columns, but for examples, which are for copying",
  (columns) => {
    const tooLong = commands
      .flatMap((each) => helpOf(each, columns).split("\n"))
      .filter((line) => line.length > columns && !/^ {2}(keelhaul|zstdcat) /.test(line));
    expect(tooLong).toEqual([]);
  },
);

test("a narrow terminal has descriptions below their options, a wide one beside them", () => {
  expect(helpOf(command("sim"), 60)).toContain(
    "  --seeds <range>\n      one seed, or a range such as 1..1000 (default: 1..100)\n",
  );
  expect(helpOf(command("sim"), 100)).toMatch(
    /^ {2}--seeds <range> +one seed, or a range such as 1\.\.1000 \(default: 1\.\.100\)$/m,
  );
});

test("the defaults that the help of a test names are those of a plan", () => {
  const { system, nodes, timeLimit, rate, concurrency, store, workload } = parseOptions({});
  const defaults = { system, nodes, rate, concurrency, store, workload, "time-limit": `${timeLimit / 1000}s` };
  const help = helpOf(command("test"), 10_000);
  for (const [option, value] of Object.entries(defaults)) {
    expect(help).toMatch(new RegExp(`--${option} .*\\(default: ${String(value)}\\)`));
  }
});

test("help loads commander and the schemas of options with their suggestions, nothing else that is installed: what a command does is loaded when it runs", () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(staticImport)) {
      if (specifier!.startsWith(".")) follow(join(dirname(file), specifier!));
      else if (!specifier!.startsWith("node:")) packages.add(specifier!);
    }
  };
  follow(join(import.meta.dirname, "program.ts"));
  expect([...packages].sort()).toEqual(["commander", "leven", "zod"]);
});

/** Of values: `import type` is gone when the program runs. */
const staticImport = /^(?:import|export) (?!type )(?:[^;"]*? from )?"([^"]+)"/gm;
