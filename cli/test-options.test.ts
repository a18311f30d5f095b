import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testCommand } from "./program/test.ts";
import { readTestOptions, type TestFlags } from "./test-options.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-options-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The options as the command gets them, with a file of options that has these lines. */
async function read(lines: readonly string[], ...typed: readonly string[]) {
  const file = join(folder, "keelhaul.yaml");
  writeFileSync(file, `${lines.join("\n")}\n`);
  let flags: TestFlags = {};
  const command = testCommand().action((given) => {
    flags = given;
  });
  await command.parseAsync(["--config", file, ...typed], { from: "user" });
  return (await readTestOptions(flags, 7)).options;
}

test("an option that was not typed comes from the file, switches too", async () => {
  expect(await read(["nodes: 3", "invariants: false"])).toMatchObject({ nodes: 3, invariants: false });
});

test("what was typed wins over the file", async () => {
  const file = ["nodes: 3", "invariants: false", "set:", "  fsync: false", "  preVote: false"];
  const options = await read(file, "--nodes", "5", "--invariants", "--set", "fsync=true");
  expect(options).toMatchObject({ nodes: "5", invariants: true, set: { fsync: "true", preVote: false } });
  expect(await read(["invariants: true"], "--no-invariants")).toMatchObject({ invariants: false });
});

test("a wrong option is named with its place: of the file, or of the command line", async () => {
  await expect(read(["nodes: 3", "rate: fast"])).rejects.toThrow(/keelhaul\.yaml:2: rate: got "fast"/);
  await expect(read(["rate: 10"], "--rate", "fast")).rejects.toThrow(/^--rate: got "fast"/);
});
