import type { Evidence } from "../../../history/annotations.ts";
import type { Damage, DamageRange } from "../../host.ts";
import type { Processes } from "../processes.ts";
import { type Damaged, damageFiles, restoreFiles } from "./damaged-files.ts";

const excuses: Record<Damage, string> = {
  flip: "bits on its disk were flipped",
  torn: "the end of what it wrote was cut off",
};

/** Damage that was not undone yet. */
interface OpenDamage {
  readonly damaged: Damaged;
  readonly endExcuse: () => void;
}

/** What is done to the files and disks of nodes. */
export class Disks {
  readonly #processes: Processes;
  /** The data directory of each node. */
  readonly #directories = new Map<string, string>();
  /** By `KIND NODE`. */
  readonly #damages = new Map<string, OpenDamage>();

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** Says where a node keeps its files. */
  keep(node: string, directory: string): void {
    this.#directories.set(node, directory);
  }

  /** Damages the files of a node that does not run. */
  async damage(node: string, kind: Damage, range: DamageRange & { readonly seed: number }): Promise<Evidence> {
    const { state } = await this.#processes.state(node);
    if (state !== "down") throw new Error(`${node} runs: it would not read again what it has read`);
    const endExcuse = this.#processes.excuse(node, excuses[kind]);
    const damaged = await damageFiles(this.#directoryOf(node), kind, range);
    this.#damages.set(keyOf(node, kind), { damaged, endExcuse });
    return { subject: node, ...(kind === "flip" ? flipped(damaged) : torn(damaged)) };
  }

  /** Restores the bytes, unless the node runs with them: then they are its own. */
  async restore(node: string, kind: Damage): Promise<Evidence> {
    const open = this.#damages.get(keyOf(node, kind));
    if (open === undefined) return { subject: node, observation: "nothing of its files was damaged", proves: true };
    const { damaged, endExcuse } = open;
    const count = damaged.changes.length;
    const what = kind === "flip" ? "flipped bits" : "cut-off bytes";
    const { state, pid } = await this.#processes.state(node);
    if (state !== "down") {
      this.#damages.delete(keyOf(node, kind));
      return { subject: node, observation: `${count} ${what} stay, for pid ${pid} runs with them`, proves: true };
    }
    const restored = await restoreFiles(this.#directoryOf(node), damaged);
    this.#damages.delete(keyOf(node, kind));
    endExcuse();
    const over = restored === count ? "" : `; ${count - restored} were written over`;
    return { subject: node, observation: `${restored} ${what} read back as they were written${over}`, proves: true };
  }

  #directoryOf(node: string): string {
    const directory = this.#directories.get(node);
    if (directory === undefined) throw new Error(`${node} was never started, so it has no files`);
    return directory;
  }
}

function keyOf(node: string, kind: Damage): string {
  return `${kind} ${node}`;
}

function flipped({ changes, seen }: Damaged): Omit<Evidence, "subject"> {
  const places = changes.map(({ path, offset, mask, byte }) => {
    return `${path} at byte ${offset} (${hex(byte ^ mask)} became ${hex(byte)})`;
  });
  const observation =
    changes.length === 0
      ? "no bytes were written that could be hit"
      : `${counted(changes.length, "bit")} flipped: ${places.join(", ")}; ${seen} read back so`;
  return { observation, proves: changes.length > 0 && seen === changes.length };
}

function torn({ changes, cutOff, seen }: Damaged): Omit<Evidence, "subject"> {
  const [first] = changes;
  if (first === undefined) return { observation: "no bytes were written that could be cut off", proves: false };
  const { length } = changes;
  const how = cutOff === null ? `${seen} read back as zeros` : `the file now ends there`;
  const observation = `${first.path} is cut off at byte ${first.offset}: ${counted(length, "byte")} lost; ${how}`;
  return { observation, proves: seen === length };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
