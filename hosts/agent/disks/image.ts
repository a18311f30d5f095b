import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The smallest that mkfs.xfs makes; sparse, so that it takes what is written into it. */
export const imageBytes = 300 * 1024 * 1024;

const busyForMs = 5000;
const pollMs = 100;
const mountAttempts = 20;

/** The disk of one node: an XFS file system in a file of the run's own, mounted on the node's data directory. */
export interface DiskImage {
  readonly run: string;
  readonly node: string;
  /** Where it is mounted. */
  readonly directory: string;
  readonly image: string;
}

/** Makes the image and mounts it. Throws where there is a file already. */
export async function makeImage(disk: DiskImage): Promise<void> {
  const { run: runId, node, directory, image } = disk;
  await mkdir(dirname(image), { recursive: true });
  await mkdir(directory, { recursive: true });
  await using file = await open(image, "wx", 0o600);
  await file.truncate(imageBytes);
  await run("mkfs.xfs", ["-q", "-m", `uuid=${uuidOf(runId, node)}`, image]);
  await mountImage(disk);
}

/** Mounts it, unless it is mounted. Throws where the file is not the image that the run made for the node. */
export async function mountImage(disk: DiskImage): Promise<void> {
  const { directory, image } = disk;
  await requireOwn(disk);
  if ((await mountOf(disk)) !== null) return;
  for (let attempt = 1; ; attempt++) {
    await makeLoopDevice();
    try {
      await run("mount", ["-t", "xfs", "-o", "loop,nosuid,nodev", image, directory]);
      return;
    } catch (error) {
      // Another process may have taken the device in between.
      if (attempt === mountAttempts || !/loop device/.test(String(error))) throw error;
      await sleep(pollMs);
    }
  }
}

/** Unmounts it, and waits as long as something that just ended still counts as using it. Nothing where it is not mounted. */
export async function unmountImage(disk: DiskImage): Promise<void> {
  const mounted = await mountOf(disk);
  if (mounted === null) return;
  await requireOwn(disk);
  await unmount(mounted);
}

/** Shuts the file system down at once, as a loss of power does: nothing that is not on the disk gets there any more. */
export async function shutDownImage(disk: DiskImage): Promise<void> {
  await requireOwn(disk);
  if ((await mountOf(disk)) === null) throw new Error(`${disk.image} is not mounted on ${disk.directory}`);
  await run("xfs_io", ["-x", "-c", "shutdown", disk.directory]);
}

/** Unmounts what is mounted of image files inside the folder of a run; where that was. */
export async function unmountImagesIn(folder: string, runId: string): Promise<readonly string[]> {
  const inside = `${realpathSync(folder)}${sep}`;
  const found = (await loopMounts()).filter(({ image }) => image.startsWith(inside));
  for (const { image, directory } of found) {
    if (!directory.startsWith(inside)) throw new Error(`${image} is mounted on ${directory}, outside of ${folder}`);
    await requireOwn({ run: runId, node: nodeOf(image), directory, image });
  }
  for (const mounted of found) await unmount(mounted);
  return found.map(({ directory }) => directory);
}

/** Where images lie in a folder of a run. */
export function imageFile(folder: string, node: string): string {
  return `${folder}${sep}${node}${ending}`;
}

const ending = ".xfs";

function nodeOf(image: string): string {
  return image.slice(image.lastIndexOf(sep) + 1, -ending.length);
}

/** A container has a /dev of its own, in which no device appears by itself. */
async function makeLoopDevice(): Promise<void> {
  if (!existsSync("/dev/loop-control")) await run("mknod", ["/dev/loop-control", "c", "10", "237"]);
  const { stdout } = await run("losetup", ["--find"]);
  const [device, number] = /^\/dev\/loop(\d+)/.exec(stdout) ?? [];
  if (device === undefined || number === undefined || existsSync(device)) return;
  await run("mknod", [device, "b", "7", number]);
}

interface LoopMount {
  readonly directory: string;
  readonly image: string;
}

async function unmount({ directory }: LoopMount): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    try {
      await run("umount", [directory]);
      return;
    } catch (error) {
      if (waitedMs >= busyForMs || !/busy/.test(String(error))) throw error;
      await sleep(pollMs);
    }
  }
}

async function mountOf({ directory, image }: DiskImage): Promise<LoopMount | null> {
  const [realDirectory, realImage] = [realpathOf(directory), realpathSync(image)];
  const there = (await loopMounts()).filter((mounted) => mounted.directory === realDirectory);
  const other = there.find((mounted) => mounted.image !== realImage);
  if (other !== undefined) throw new Error(`${other.image} is mounted on ${directory}, and not the run's own ${image}`);
  return there[0] ?? null;
}

/** A file system that was shut down cannot even be looked at: its directory is named without it. */
function realpathOf(directory: string): string {
  return `${realpathSync(dirname(directory))}${sep}${directory.slice(directory.lastIndexOf(sep) + 1)}`;
}

/** What is mounted from files. */
async function loopMounts(): Promise<readonly LoopMount[]> {
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).trimEnd().split("\n");
  const mounts = lines.flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [type, source = ""] = after.split(" ");
    const device = /^\/dev\/(loop\d+)$/.exec(source)?.[1];
    return type === "xfs" && device !== undefined ? [{ device, directory: unescaped(before.split(" ")[4]!) }] : [];
  });
  const found = mounts.map(async ({ device, directory }): Promise<LoopMount[]> => {
    const backing = `/sys/block/${device}/loop/backing_file`;
    return existsSync(backing) ? [{ directory, image: (await readFile(backing, "utf8")).trimEnd() }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** The kernel writes blanks and the like in octal. */
function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Throws unless the file is the image that the run made for the node: its file system has the identifier of both. */
async function requireOwn({ run: runId, node, image }: DiskImage): Promise<void> {
  await using file = await open(image, "r");
  const { buffer } = await file.read(Buffer.alloc(superblockBytes), 0, superblockBytes, 0);
  const found = buffer.subarray(uuidAt, uuidAt + 16).toString("hex");
  if (buffer.toString("latin1", 0, 4) === "XFSB" && found === uuidOf(runId, node).replaceAll("-", "")) return;
  throw new Error(`${image} is not the image that run ${runId} made for ${node}`);
}

/** Of the superblock of XFS, with which the file system begins. */
const superblockBytes = 512;
const uuidAt = 32;

function uuidOf(runId: string, node: string): string {
  const hash = createHash("sha256").update(`${runId}/${node}`).digest("hex");
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join("-");
}
