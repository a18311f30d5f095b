import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellQuoted } from "./shell-quoting.ts";

/** What a shell hands to a program that is started with this command line. */
function argumentsSeenBy(args: readonly string[]): string[] {
  const print = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
  const command = shellQuoted([process.execPath, "-e", print, "--", ...args]);
  return JSON.parse(execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" })) as string[];
}

test("a shell hands every argument on as it is", () => {
  const args = [
    "",
    " ",
    "a b",
    "it's",
    "'",
    "''\\'",
    '"$HOME"',
    "$(id)",
    "`id`",
    "a;b|c&d",
    "*",
    "~",
    "#",
    "!",
    "\n",
    "-x",
    "ü",
  ];
  expect(argumentsSeenBy(args)).toEqual(args);
});

test("a shell hands any arguments on as they are", () => {
  const argument = fc.string({ unit: fc.constantFrom(..."'\"\\$`!*?~#&|;<>(){}[] \t\n=%ax") });
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 20 }), (args) => {
      expect(argumentsSeenBy(args)).toEqual(args);
    }),
    { numRuns: 20 },
  );
});

test("a command without a program, and an argument that no command can take, are refused", () => {
  expect(() => shellQuoted([])).toThrow("a command needs a program");
  expect(() => shellQuoted(["echo", "a\0b"])).toThrow("holds a NUL");
});
