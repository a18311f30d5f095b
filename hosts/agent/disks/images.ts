import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import type { Evidence } from "../../../history/annotations.ts";
import type { Processes } from "../processes.ts";
import { fingerprint, type Loss, lossBetween } from "./fingerprint.ts";
import { type DiskImage, makeImage, mountImage, shutDownImage, unmountImage } from "./image.ts";

/** Files of ours in a node's data directory, which last as long as what they are for. */
const probeName = ".keelhaul-probe";
const ballastName = ".keelhaul-ballast";

type Observation = Omit<Evidence, "subject">;

/** What is done to the disks of nodes that have one of their own: an XFS image for each (`image.ts`). */
export class Images {
  readonly #processes: Processes;
  readonly #images = new Map<string, DiskImage>();
  /** What is done to one disk is done in turn. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #endExcuses = new Map<string, () => void>();

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** Gives a node a disk of its own. */
  async make(disk: DiskImage): Promise<void> {
    await makeImage(disk);
    this.#images.set(disk.node, disk);
  }

  /**
   * Takes the power from a node: its file system is shut down, which loses what was not synced, its processes are killed, and
   * the file system is mounted again. They are stopped before, so that the files can be compared.
   */
  losePower(node: string): Promise<Evidence> {
    return this.#inTurn(node, async (disk) => {
      await this.#processes.pause(node);
      const before = await fingerprint(disk.directory);
      await shutDownImage(disk);
      const down = await probeWrite(disk);
      const killed = await this.#processes.kill(node);
      await unmountImage(disk);
      await mountImage(disk);
      const loss = lossBetween(before, await fingerprint(disk.directory));
      const observation = `${down.text} after the shutdown; ${killed.observation}; ${describe(loss)}`;
      return { observation, proves: down.code === "EIO" && (killed.proves || !(await this.#runs(node))) };
    });
  }

  /** Lets every write and sync of the node fail. */
  fail(node: string): Promise<Evidence> {
    return this.#inTurn(node, async (disk) => {
      this.#excuse(node, "its disk was made to fail");
      await shutDownImage(disk);
      const { code, text } = await probeWrite(disk);
      return { observation: text, proves: code === "EIO" };
    });
  }

  /** Leaves no room on the disk of the node. */
  fill(node: string): Promise<Evidence> {
    return this.#inTurn(node, async (disk) => {
      this.#excuse(node, "its disk was made full");
      await fillUp(join(disk.directory, ballastName));
      const { code, text } = await probeWrite(disk);
      const { bavail, bsize } = await statfs(disk.directory);
      return { observation: `${text}, with ${bavail * bsize} bytes free`, proves: code === "ENOSPC" };
    });
  }

  /** Gives the room back. */
  empty(node: string): Promise<Evidence> {
    return this.#inTurn(node, async (disk) => {
      await rm(join(disk.directory, ballastName), { force: true });
      return this.#whole(disk);
    });
  }

  /** Mounts the disk again where it is shut down or not mounted; what runs on it then ends. */
  repair(node: string): Promise<Evidence> {
    return this.#inTurn(node, async (disk) => {
      await mountImage(disk);
      if ((await probeWrite(disk)).code === "EIO") {
        await this.#processes.kill(node);
        await unmountImage(disk);
        await mountImage(disk);
      }
      return this.#whole(disk);
    });
  }

  /** Unmounts all, when nothing runs any more. */
  async close(): Promise<void> {
    for (const disk of this.#images.values()) await unmountImage(disk);
  }

  async #whole(disk: DiskImage): Promise<Observation> {
    const { code, text } = await probeWrite(disk);
    const isWhole = code === null;
    if (isWhole) this.#endExcuses.get(disk.node)?.();
    return { observation: isWhole ? `mounted, and ${text}` : text, proves: isWhole };
  }

  #excuse(node: string, why: string): void {
    this.#endExcuses.get(node)?.();
    this.#endExcuses.set(node, this.#processes.excuse(node, why));
  }

  async #runs(node: string): Promise<boolean> {
    return (await this.#processes.state(node)).state !== "down";
  }

  async #inTurn(node: string, deed: (disk: DiskImage) => Promise<Observation>): Promise<Evidence> {
    const disk = this.#images.get(node);
    if (disk === undefined) throw new Error(`${node} has no disk of its own`);
    const done = (this.#turns.get(node) ?? Promise.resolve()).then(() => deed(disk));
    this.#turns.set(
      node,
      done.catch(() => {}), // its caller hears of it
    );
    return { subject: node, ...(await done) };
  }
}

interface ProbeWrite {
  /** Null: it was written and synced. */
  readonly code: string | null;
  readonly text: string;
}

/** Writes and syncs a block in the file system, as the node would, and removes it. */
async function probeWrite({ directory }: DiskImage): Promise<ProbeWrite> {
  const path = join(directory, probeName);
  try {
    const file = await open(path, "w");
    try {
      await file.write(Buffer.alloc(4096, 1));
      await file.sync();
    } finally {
      await file.close();
    }
    return { code: null, text: "a probe write was synced" };
  } catch (error) {
    if (!isSystemError(error) || error.code === undefined) throw error;
    return { code: error.code, text: `a probe write failed with ${error.code}` };
  } finally {
    await rm(path, { force: true }).catch(() => {}); // where the file system is shut down, nothing is there
  }
}

/** Takes all room, in smaller and smaller pieces. */
async function fillUp(path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let bytes = 16 * 1024 * 1024; bytes >= 4096; ) {
      try {
        const { bytesWritten } = await file.write(Buffer.alloc(bytes, 1));
        if (bytesWritten < bytes) bytes /= 2;
      } catch (error) {
        if (!isSystemError(error) || error.code !== "ENOSPC") throw error;
        bytes /= 2;
      }
    }
    await file.sync().catch((error: unknown) => {
      if (!isSystemError(error) || error.code !== "ENOSPC") throw error;
    });
  } finally {
    await file.close();
  }
}

function describe({ bytes, files, gone }: Loss): string {
  if (files === 0) return "no byte was lost: all had been synced";
  const vanished = gone === 0 ? "" : `, ${gone} of them gone`;
  return `${bytes.toLocaleString("en-US")} bytes lost in ${files} ${files === 1 ? "file" : "files"}${vanished}`;
}
