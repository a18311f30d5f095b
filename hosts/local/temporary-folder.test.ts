import { existsSync } from "node:fs";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cleanTemporaryFolders, markTemporary } from "./temporary-folder.ts";

let base: string;
let folder: string;
let records: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "keelhaul-temporary-")));
  vi.stubEnv("XDG_STATE_HOME", join(base, "state"));
  records = join(base, "state", "keelhaul", "folders");
  folder = join(base, "store", "machine");
  await mkdir(join(folder, "data"), { recursive: true });
  await writeFile(join(folder, "data", "log"), "x");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(base, { recursive: true, force: true });
});

/** The record, as a controller would have left it that was killed. */
async function killController(change: (record: Record<string, string>) => object = (record) => record): Promise<void> {
  const [name] = await readdir(records);
  const record = JSON.parse(await readFile(join(records, name!), "utf8")) as Record<string, string>;
  await writeFile(join(records, name!), JSON.stringify(change({ ...record, controller: `4194305:1@${hostname()}` })));
}

test("a folder goes with its run, and leaves no record", async () => {
  const temporary = await markTemporary("r1", folder);
  await temporary.remove();
  expect(existsSync(folder)).toBe(false);
  expect(await readdir(records)).toEqual([]);
  await temporary.remove();
});

test("the folder of a killed run is removed, that of a running one is not", async () => {
  await markTemporary("r1", folder);
  expect(await cleanTemporaryFolders()).toEqual({ removed: [], leftAlone: [] });
  expect(existsSync(folder)).toBe(true);
  await killController();
  expect(await cleanTemporaryFolders()).toEqual({
    removed: [`removed ${folder} of run r1, whose controller is gone`],
    leftAlone: [],
  });
  expect(existsSync(folder)).toBe(false);
  expect(await readdir(records)).toEqual([]);
});

test("the logs of a killed run are kept where those of a run that ended are, and nothing else is", async () => {
  const logs = join(base, "store", "logs");
  const temporary = await markTemporary("r1", folder, logs);
  const elsewhere = join(base, "elsewhere.log");
  await writeFile(elsewhere, "stays");
  await temporary.keep({ "n1.log": "data/log", "n2.log": "data/never-written", "n4.log": "../../elsewhere.log" });
  await symlink(join(folder, "data", "log"), join(folder, "data", "link"));
  await temporary.keep({ "n3.log": "data/link" });
  await killController();
  expect(await cleanTemporaryFolders()).toEqual({
    removed: [`removed ${folder} of run r1, whose controller is gone; kept n1.log in ${logs}`],
    leftAlone: [],
  });
  expect(await readdir(join(base, "store"))).toEqual(["logs"]);
  expect(await readdir(logs)).toEqual(["n1.log"]);
  expect(await readFile(join(logs, "n1.log"), "utf8")).toBe("x");
  expect(await readFile(elsewhere, "utf8")).toBe("stays");
});

test("logs are not moved through a link that stands in place of their folder", async () => {
  const precious = join(base, "precious");
  await mkdir(precious);
  await writeFile(join(precious, "n1.log"), "precious");
  await symlink(precious, join(base, "store", "logs"));
  await (await markTemporary("r1", folder, join(base, "store", "logs"))).keep({ "n1.log": "data/log" });
  await killController();
  expect((await cleanTemporaryFolders()).leftAlone).toEqual([expect.stringMatching(/logs is a symbolic link/)]);
  expect(await readFile(join(precious, "n1.log"), "utf8")).toBe("precious");
});

test("a controller on another machine, which shares the home, is not taken for gone", async () => {
  await markTemporary("r1", folder);
  await killController((record) => ({ ...record, controller: "4194305:1@elsewhere" }));
  expect(await cleanTemporaryFolders()).toEqual({ removed: [], leftAlone: [] });
  expect(existsSync(folder)).toBe(true);
});

test("a record that somebody else removed the folder of is forgotten", async () => {
  await markTemporary("r1", folder);
  await killController();
  await rm(folder, { recursive: true });
  expect(await cleanTemporaryFolders()).toEqual({ removed: [], leftAlone: [] });
  expect(await readdir(records)).toEqual([]);
});

const attacks: [name: string, attack: (precious: string) => Promise<void>, why: RegExp][] = [
  [
    "a record that names a folder of somebody else",
    (precious) => killController((record) => ({ ...record, folder: precious })),
    /it has no \.keelhaul-temporary/,
  ],
  [
    "a record that names the folder of another run",
    async () => killController((record) => ({ ...record, marker: "another" })),
    /another run's/,
  ],
  [
    "a link in place of the folder",
    async (precious) => {
      await killController();
      await rename(folder, `${folder}.away`);
      await symlink(precious, folder);
    },
    /is a symbolic link; expected a directory/,
  ],
  [
    "a link in place of the marker",
    async () => {
      await killController();
      await rename(join(folder, ".keelhaul-temporary"), join(base, "marker"));
      await symlink(join(base, "marker"), join(folder, ".keelhaul-temporary"));
    },
    /it has no \.keelhaul-temporary/,
  ],
  [
    "a folder that others can write to",
    async () => {
      await killController();
      await chmod(folder, 0o777);
    },
    /can be written by other users/,
  ],
  [
    "a folder above it that others can write to",
    async () => {
      await killController();
      await chmod(join(base, "store"), 0o777);
    },
    /can be written by other users/,
  ],
];

test.each(attacks)("%s is left alone, with the reason", async (_, attack, why) => {
  const precious = join(base, "precious");
  await mkdir(precious);
  await writeFile(join(precious, "file"), "precious");
  await markTemporary("r1", folder);
  await attack(precious);
  const { removed, leftAlone } = await cleanTemporaryFolders();
  expect(removed).toEqual([]);
  expect(leftAlone).toEqual([expect.stringMatching(why)]);
  expect(await readFile(join(precious, "file"), "utf8")).toBe("precious");
  expect(existsSync(folder)).toBe(true);
});

test.runIf(process.geteuid?.() === 0)("a folder of another user is left alone", async () => {
  await markTemporary("r1", folder);
  await killController();
  await chown(folder, 4242, 4242);
  expect((await cleanTemporaryFolders()).leftAlone).toEqual([
    expect.stringMatching(/belongs to uid 4242; expected uid 0/),
  ]);
  expect(existsSync(folder)).toBe(true);
});

test("what is no record is named", async () => {
  await markTemporary("r1", folder);
  await writeFile(join(records, "odd.json"), "{");
  expect((await cleanTemporaryFolders()).leftAlone).toEqual([
    `left ${join(records, "odd.json")} alone: it is not a record of a temporary folder; remove it`,
  ]);
});
