import type { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { createProgram } from "./program.ts";

/** Every command that does something, as it is typed: `kv get`, and not `kv`. */
function typed(command: Command, path = ""): readonly (readonly [string, Command])[] {
  const nested = command.commands.filter((each) => each.name() !== "help");
  if (nested.length === 0) return [[path.trim(), command]];
  return nested.flatMap((each) => typed(each, `${path} ${each.name()}`));
}
const commands = typed(createProgram());

let stdout = "";
let stderr = "";
beforeEach(() => {
  stdout = "";
  stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test.each(commands)(
  "keelhaul %s --help shows usage, purpose and every option with its meaning",
  async (name, command) => {
    await runCommand(["node", "keelhaul", ...name.split(" "), "--help"]);
    expect(stdout).toContain(`Usage: keelhaul ${name} [options]`);
    expect(command.description()).not.toBe("");
    for (const { flags, description } of command.options.filter(({ hidden }) => !hidden)) {
      expect(stdout).toContain(flags);
      expect(description, flags).not.toBe("");
    }
    expect(stdout).not.toMatch(/\(default: "/);
    expect(stderr).toBe("");
    expect(process.exitCode ?? 0).toBe(0);
  },
);

test.each(commands)("keelhaul %s --unheard-of is refused in one sentence", async (name, command) => {
  const required = command.options.flatMap(({ mandatory, long }) => (mandatory ? [long!, "x"] : []));
  await runCommand(["node", "keelhaul", ...name.split(" "), ...required, "--unheard-of"]);
  expect(stderr).toBe(`keelhaul: unknown option '--unheard-of'; \`keelhaul ${name} --help\` shows what is allowed\n`);
  expect(stdout).toBe("");
  expect(process.exitCode).toBe(exitCodes.usage);
});
