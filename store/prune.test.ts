import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readlink, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestRecord } from "../history/test-record.ts";
import { ownControllerName } from "../hosts/controller-name.ts";
import { choosePruned, listRuns, removeRuns, type StoredRun } from "./prune.ts";
import { createRunFolder, pointLatest } from "./run-folder.ts";

let store: string;
beforeEach(async () => {
  store = await realpath(await mkdtemp(join(tmpdir(), "keelhaul-prune-")));
});
afterEach(() => rm(store, { recursive: true, force: true }));

const gone = `4194305:1@${hostname()}`;

async function makeRun(day: number, name = "register", controller = gone): Promise<string> {
  const startedAt = `2026-01-${String(day).padStart(2, "0")}T03:04:05.678Z`;
  const folder = await createRunFolder(store, { name, startedAt, controller } as TestRecord);
  await pointLatest(store, folder);
  return folder;
}

const foldersOf = (runs: readonly StoredRun[]) => runs.map(({ folder }) => folder);

test("runs are listed with the newest first; other folders are none", async () => {
  const folders = [await makeRun(1), await makeRun(3, "bank"), await makeRun(2)];
  await mkdir(join(store, "mutants", "20260104T000000Z"), { recursive: true });
  await mkdir(join(store, "register", "notes"));
  await writeFile(join(store, "register", "notes", "test.json"), "{}");
  const runs = await listRuns(store);
  expect(foldersOf(runs)).toEqual([folders[1], folders[2], folders[0]]);
  expect(runs[0]).toMatchObject({ startedAt: new Date("2026-01-03T03:04:05Z"), underWay: false });
});

test("a run takes what its files take", async () => {
  const folder = await makeRun(1);
  const before = (await listRuns(store))[0]!.bytes;
  await writeFile(join(folder, "logs", "n1.log"), "x".repeat(1_000_000));
  expect((await listRuns(store))[0]!.bytes - before).toBeGreaterThanOrEqual(1_000_000);
});

const run = (day: number, changes: Partial<StoredRun> = {}): StoredRun => {
  const startedAt = new Date(Date.UTC(2026, 0, day));
  return { folder: `d${day}`, startedAt, bytes: 100, underWay: false, ...changes };
};
const now = Date.UTC(2026, 0, 10);
const dayMs = 86_400_000;

test.each([
  ["by age", { olderThanMs: 2 * dayMs }, ["d5", "d1"]],
  ["by count", { keep: 1 }, ["d8", "d5", "d1"]],
  ["by size", { maxBytes: 250 }, ["d5", "d1"]],
  ["by whichever limit is reached first", { keep: 3, olderThanMs: 8 * dayMs, maxBytes: 1000 }, ["d1"]],
  ["none within the limits", { keep: 4, maxBytes: 400 }, []],
])("old runs are chosen %s", (_, limits, chosen) => {
  const runs = [run(9), run(8), run(5), run(1)];
  expect(foldersOf(choosePruned(runs, limits, now))).toEqual(chosen);
});

test("a run that is under way stays, but counts", async () => {
  const runs = [run(9, { underWay: true }), run(8), run(5, { underWay: true })];
  expect(foldersOf(choosePruned(runs, { keep: 1 }, now))).toEqual(["d8"]);
  await makeRun(1, "register", await ownControllerName());
  expect(await listRuns(store)).toMatchObject([{ underWay: true }]);
});

test("a run of another machine is under way until it has results", async () => {
  const folder = await makeRun(1, "register", "1:1@elsewhere");
  expect(await listRuns(store)).toMatchObject([{ underWay: true }]);
  await writeFile(join(folder, "results.json"), "{}");
  expect(await listRuns(store)).toMatchObject([{ underWay: false }]);
});

test("removing runs leaves the others, and `latest` on the newest of them", async () => {
  const [old, kept, latest] = [await makeRun(1, "bank"), await makeRun(2), await makeRun(3)];
  const runs = await listRuns(store);
  const chosen = runs.filter(({ folder }) => folder !== kept);
  expect(await removeRuns(store, chosen)).toEqual([]);
  expect([old, kept, latest].map((folder) => existsSync(folder))).toEqual([false, true, false]);
  expect((await readdir(store)).sort()).toEqual(["latest", "register"]);
  expect(await readlink(join(store, "latest"))).toBe(join("register", "20260102T030405Z"));
  await removeRuns(store, await listRuns(store));
  expect(await readdir(store)).toEqual([]);
});

test("a run that others could have exchanged is left alone, with the reason", async () => {
  const folder = await makeRun(1);
  const runs = await listRuns(store);
  const precious = join(store, "precious");
  await rename(folder, precious);
  await symlink(precious, folder);
  expect(await removeRuns(store, runs)).toEqual([expect.stringContaining(`${folder} alone: it is reached through`)]);
  await rm(folder);
  await rename(precious, folder);
  await chmod(join(store, "register"), 0o777);
  expect(await removeRuns(store, runs)).toEqual([expect.stringContaining("can be written by other users")]);
  expect(existsSync(join(folder, "test.json"))).toBe(true);
});
