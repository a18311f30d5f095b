import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { imageFile, makeImage, mountImage, unmountImage, unmountImagesIn } from "../agent/disks/image.ts";
import { findOwnDisks } from "../own-disks.ts";
import { createLocalHost } from "./local-host.ts";

const agentScript = fileURLToPath(new URL("../agent/main.ts", import.meta.url));
const found = await findOwnDisks();
if (!found.works) console.warn(`own-disks.test.ts is skipped: ${found.reason}; ${found.remedy}`);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function folderOf(run: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-own-disks-"));
  cleanups.push(async () => {
    await unmountImagesIn(folder, run);
    await rm(folder, { recursive: true });
  });
  return folder;
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, "r");
  await directory.sync();
}

const mounts = () => readFile("/proc/self/mountinfo", "utf8");

describe.runIf(found.works)("a disk of a node's own", () => {
  it("loses exactly what was not synced when the power is cut, and is whole again", async () => {
    const runId = `disk-${process.pid}`;
    const stateDir = join(await folderOf(runId), "machine");
    const host = await createLocalHost({
      ...{ runId, nodes: ["n1"], ports: {}, stateDir, agentScript, ownDisks: true },
    });
    cleanups.push(() => host.destroy());
    const { dataDir } = host.nodes[0]!;
    const start = () => host.start("n1", { program: "sleep", args: ["600"], env: {} });
    await start();
    await writeFile(join(dataDir, "synced"), "promised", { flush: true });
    await syncDirectory(dataDir);
    await writeFile(join(dataDir, "unsynced"), "x".repeat(5000));
    const cut = await host.inject("n1", { kind: "power" });
    expect(cut.evidence).toMatchObject([{ subject: "n1", proves: true }]);
    expect(cut.evidence[0]!.observation).toMatch(/failed with EIO .* gone after SIGKILL; 8,192 bytes lost in 1 file/);
    expect(await readFile(join(dataDir, "synced"), "utf8")).toBe("promised");
    expect(existsSync(join(dataDir, "unsynced")) ? await readFile(join(dataDir, "unsynced"), "utf8") : "").toBe("");
    expect(await cut.heal()).toMatchObject([{ observation: "mounted, and a probe write was synced", proves: true }]);
    await start();
    const full = await host.inject("n1", { kind: "disk-full" });
    expect(full.evidence[0]).toMatchObject({ observation: expect.stringContaining("ENOSPC"), proves: true });
    await expect(writeFile(join(dataDir, "more"), "x".repeat(100_000))).rejects.toThrow("ENOSPC");
    expect(await full.heal()).toMatchObject([{ proves: true }]);
    const failing = await host.inject("n1", { kind: "disk-error" });
    expect(failing.evidence).toMatchObject([{ observation: "a probe write failed with EIO", proves: true }]);
    expect(await failing.heal()).toMatchObject([{ proves: true }]);
    await host.destroy();
    expect(await mounts()).not.toContain(stateDir);
  });

  it("is only ever the image that the run made: another file is refused, and another mount left alone", async () => {
    const folder = await folderOf("r1");
    const disk = { run: "r1", node: "n1", directory: join(folder, "data"), image: imageFile(folder, "n1") };
    await makeImage(disk);
    await unmountImage(disk);
    await expect(mountImage({ ...disk, run: "r2" })).rejects.toThrow("is not the image that run r2 made for n1");
    await mountImage(disk);
    await expect(unmountImage({ ...disk, node: "n2" })).rejects.toThrow("is not the image that run r1 made for n2");
    await expect(unmountImagesIn(folder, "r2")).rejects.toThrow("is not the image that run r2 made");
    expect(await unmountImagesIn(folder, "r1")).toEqual([disk.directory]);
    expect(await mounts()).not.toContain(folder);
  });
});
