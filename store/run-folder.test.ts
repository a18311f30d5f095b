import { mkdtemp, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aTestRecord } from "../history/test-support/test-record.ts";
import { createRunFolder, pointLatest, recordVersions } from "./run-folder.ts";

const record = aTestRecord();
let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-store-"));
});
afterEach(() => rm(store, { recursive: true }));

test("a run's folder is named by test and time, holds the plan, and is the latest", async () => {
  const folder = await createRunFolder(store, record);
  expect(folder).toBe(join(store, "register", "20260102T030405Z"));
  expect(JSON.parse(await readFile(join(folder, "test.json"), "utf8"))).toEqual(record);
  await pointLatest(store, folder);
  expect(await readlink(join(store, "latest"))).toBe(join("register", "20260102T030405Z"));
});

test("two runs that start in one second get folders of their own, and the later one is the latest", async () => {
  const first = await createRunFolder(store, record);
  const second = await createRunFolder(store, record);
  expect(second).toBe(`${first}-2`);
  for (const folder of [first, second]) await pointLatest(store, folder);
  expect(await readlink(join(store, "latest"))).toBe(join("register", "20260102T030405Z-2"));
});

test("what its machines consist of is added to the plan of a run", async () => {
  const folder = await createRunFolder(store, { ...record, versions: { node: "v24", platform: "linux x64" } });
  const versions = { engine: "Docker Engine 26", image: { name: "i", id: "sha256:1" }, packages: { iptables: "1.8" } };
  await recordVersions(folder, versions);
  expect(JSON.parse(await readFile(join(folder, "test.json"), "utf8"))).toEqual({
    ...record,
    versions: { node: "v24", platform: "linux x64", ...versions },
  });
  await rm(join(folder, "test.json"));
  await expect(recordVersions(folder, versions)).rejects.toThrow("test.json is gone from");
});
