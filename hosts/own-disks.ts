import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UsageError } from "../errors/errors.ts";
import { imageBytes } from "./agent/disks/image.ts";
import type { Finding, Offer, Offers } from "./backend.ts";
import { type Capability, ownDiskCapabilities } from "./host.ts";

/** So many images at most, of `imageBytes` each. */
const mostImages = 5;

const installXfs = "install xfsprogs (on Debian: apt install xfsprogs)";

/** What a backend offers where each node has an XFS image of its own. */
export function ownDiskOffers(offer: Pick<Offer, "remedy" | "check">): Offers {
  const means: Record<(typeof ownDiskCapabilities)[number], string> = {
    power: "XFS shut down in an image of the node's own",
    "disk-full": "an XFS image of the node's own without room",
    "disk-error": "XFS shut down in an image of the node's own",
  };
  return Object.fromEntries(
    ownDiskCapabilities.map((name) => [name, { ...offer, means: means[name], onlyByName: true as const }]),
  );
}

export function needsOwnDisks(needs: readonly Capability[]): boolean {
  return ownDiskCapabilities.some((name) => needs.includes(name));
}

/** Whether this machine can give nodes disks of their own. */
export async function findOwnDisks(): Promise<Finding> {
  const lacks = (reason: string, remedy: string): Finding => ({ works: false, reason, remedy });
  if (process.platform !== "linux") return lacks("it needs Linux", "use --backend docker");
  if (process.geteuid?.() !== 0) return lacks("mounting an image needs root", "run as root, or use --backend docker");
  const missing = ["mkfs.xfs", "xfs_io", "mount", "umount"].find((program) => !isOnPath(program));
  if (missing !== undefined) return lacks(`there is no ${missing}`, installXfs);
  if (!/\bxfs$/m.test(readFileSync("/proc/filesystems", "utf8"))) {
    return lacks("the kernel has no XFS", "load it (modprobe xfs), or use another kernel");
  }
  if (!existsSync("/dev/loop-control")) {
    return lacks("the kernel has no loop devices", "load them (modprobe loop), or use another kernel");
  }
  return { works: true, detail: "XFS images can be mounted" };
}

/** Throws a UsageError where so many images would be too many. */
export function requireFewImages(nodes: number): void {
  if (nodes <= mostImages) return;
  throw new UsageError(
    `disks of their own for ${nodes} nodes: expected at most ${mostImages}; use --nodes ${mostImages}`,
  );
}

/** Throws a UsageError where so many images would be too many, or larger than what is free in the folder. */
export async function requireRoomForImages(nodes: number, folder: string): Promise<void> {
  requireFewImages(nodes);
  const { bavail, bsize } = await statfs(folder);
  const neededBytes = nodes * imageBytes;
  if (bavail * bsize >= neededBytes) return;
  const inMb = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;
  throw new UsageError(
    `disks of their own for ${nodes} nodes need ${inMb(neededBytes)}, and ${folder} has ${inMb(bavail * bsize)} left; make room, or use --store`,
  );
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
