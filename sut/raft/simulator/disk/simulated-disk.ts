import type { ChangedByte } from "../../../../hosts/damage/draw.ts";
import { type Damage, type DamageRange, type DiskTrouble, isDamage } from "../../../../hosts/host.ts";
import type { RandomStream } from "../../../../random/stream.ts";
import type { Clock } from "../../../../time/clock.ts";
import type { Disk } from "../../node/storage/disk.ts";
import { storageError } from "../../node/storage/errors.ts";
import { type Delays, drawDelayMs } from "../delay.ts";
import type { VirtualProcess } from "../process.ts";
import type { RangeMs, SimulationSettings } from "../settings.ts";
import { changeBack, flipBits, tearOff } from "./damage.ts";
import { diskOver } from "./disk-over.ts";
import type { MemoryFile } from "./memory-file.ts";
import { MemoryFiles, noSpace } from "./memory-files.ts";

/** What a power loss did to a disk. */
export interface PowerLoss {
  /** Bytes of files in sectors that were not synced: each sector was kept or lost by itself. */
  readonly unsyncedBytes: number;
  readonly unsyncedChanges: number;
}

/**
 * The disk of one machine. What is written is in its cache at once, and durable when a sync is over. It survives its
 * processes; what it had not synced does not survive a power loss, as far as the seed says.
 */
export class SimulatedDisk {
  readonly #time: Clock;
  readonly #flippedBits: SimulationSettings["disk"]["flippedBits"];
  readonly #random: RandomStream;
  readonly #usualSync: Delays;
  readonly #troubledSync: Delays;
  readonly #readMs: RangeMs;
  /** Called when a file got another name or is gone, and when the first syncs of a process are done. */
  onReshaped: (() => void) | null = null;
  #files = new MemoryFiles();
  #trouble: DiskTrouble | null = null;
  /** A full disk refuses what overwrites, too. */
  #takesNothing = false;
  #felt = 0;
  #changed: readonly ChangedByte[] = [];
  /** What kind of damage no mending has undone. */
  #lastingDamage: Damage | null = null;
  readonly #excuses = new WeakMap<VirtualProcess, string>();

  constructor(
    time: Clock,
    { syncMs, slow, slowMs, readMs, troubledMs, flippedBits }: SimulationSettings["disk"],
    random: RandomStream,
  ) {
    this.#time = time;
    this.#random = random;
    this.#usualSync = { usualMs: syncMs, slow, slowMs };
    this.#troubledSync = { usualMs: troubledMs, slow: 0, slowMs };
    this.#readMs = readMs;
    this.#flippedBits = flippedBits;
  }

  /** What this process met with that a correct store may stop for, perhaps a while later; null: nothing. */
  excuseFor(process: VirtualProcess): string | null {
    return this.#excuses.get(process) ?? null;
  }

  get trouble(): DiskTrouble | null {
    return this.#trouble;
  }

  /** How many syncs or writes have met with the present trouble. */
  get felt(): number {
    return this.#felt;
  }

  /** Bytes that are not as they were written. */
  get changed(): readonly ChangedByte[] {
    return this.#changed;
  }

  /** What is wrong from now on. Damage is done at once, and under a node that runs it would not know. */
  afflict(trouble: DiskTrouble, range: DamageRange = {}): void {
    this.#trouble = trouble;
    this.#felt = 0;
    if (trouble === "full") this.#files.fillUp();
    if (trouble === "torn") this.#changed = tearOff(this.#files, this.#random, range);
    if (trouble !== "flip") return;
    const count = this.#random.integer(...this.#flippedBits);
    this.#changed = flipBits(this.#files, count, this.#random, range);
  }

  /** A full disk takes nothing any more, as one that never writes in place, or whose storage is promised more than once. */
  takeNothing(): void {
    this.#takesNothing = this.#trouble === "full";
  }

  /** Nothing is wrong any more; how many bytes were changed back. They stay where a node has begun to work with them. */
  mend({ undoesDamage }: { readonly undoesDamage: boolean }): number {
    const changedBack = undoesDamage ? changeBack(this.#files, this.#changed) : 0;
    if (!undoesDamage && this.#changed.length > 0) this.#lastingDamage ??= this.#damage();
    this.#changed = [];
    this.#trouble = null;
    this.#takesNothing = false;
    this.#files.room = Number.POSITIVE_INFINITY;
    return changedBack;
  }

  #damage(): Damage | null {
    return this.#trouble !== null && isDamage(this.#trouble) ? this.#trouble : null;
  }

  losePower(): PowerLoss {
    const { bytes, changes } = this.#files.unsynced();
    // None of it, as of a cache that was never written back, or any part of it.
    const surviving = this.#random.pick([0, 0.5, 0.9]);
    this.#files = this.#files.afterCrash(() => this.#random.fraction() < surviving);
    return { unsyncedBytes: bytes, unsyncedChanges: changes };
  }

  /** The disk as a process sees it, until the process ends. With `fsync: false` no sync does anything. */
  mount(process: VirtualProcess, { fsync }: { readonly fsync: boolean }): Disk {
    const files = this.#files;
    const damage = this.#damage() ?? this.#lastingDamage;
    if (damage !== null) this.#excuses.set(process, excuses[damage]);
    let syncsToTell = firstSyncs;
    return diskOver(files, {
      run: (deed) => done(process, deed),
      read: (deed) => this.#read(process, deed),
      write: (path, file, bytes, offset) => this.#write({ process, files, path, file, bytes, offset }),
      sync: async (path, deed) => {
        if (!fsync) return done(process);
        await this.#sync(process, path, deed);
        if (syncsToTell-- > 0) this.onReshaped?.();
      },
      reshaped: () => this.onReshaped?.(),
    });
  }

  /** What the end of the process would leave at this moment, and what a power loss might; null while a trouble lasts. */
  copies(random: RandomStream): readonly MemoryFiles[] | null {
    if (this.#trouble !== null || this.#lastingDamage !== null) return null;
    const surviving = random.pick([0, 0.5, 0.9]);
    return [this.#files.copy(), this.#files.afterCrash(() => random.fraction() < surviving)];
  }

  #read<T>(process: VirtualProcess, deed: () => T): Promise<T> {
    const [least, most] = this.#readMs;
    if (most === 0) return done(process, deed);
    const delayMs = least + (most - least) * this.#random.fraction();
    return new Promise((resolve, reject) => {
      this.#time.after(delayMs, () => {
        if (process.state === "ended") return;
        process.arrive(() => done(process, deed).then(resolve, reject));
      });
    });
  }

  #write(deed: Writing): void {
    const { process, files, path, file, bytes, offset } = deed;
    try {
      if (this.#takesNothing) throw storageError(path, "written", bytes.length, noSpace());
      files.write(path, file, bytes, offset);
    } catch (cause) {
      this.#felt++;
      this.#excuses.set(process, excuses.full);
      throw cause;
    }
  }

  #sync(process: VirtualProcess, path: string, deed: () => void): Promise<void> {
    const isSlow = this.#trouble === "slow";
    if (isSlow) this.#felt++;
    const delayMs = drawDelayMs(this.#random, isSlow ? this.#troubledSync : this.#usualSync);
    return new Promise((resolve, reject) => {
      this.#time.after(delayMs, () => {
        if (process.state === "ended") return;
        if (this.#trouble === "error") {
          this.#felt++;
          this.#excuses.set(process, excuses.error);
          const error = Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
          process.arrive(() => reject(storageError(path, "synced", 0, error)));
          return;
        }
        deed();
        process.arrive(resolve);
      });
    });
  }
}

/** Syncs after which it shows whether a process goes on well behind what it found. */
const firstSyncs = 8;

interface Writing {
  readonly process: VirtualProcess;
  readonly files: MemoryFiles;
  readonly path: string;
  readonly file: MemoryFile;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** Nobody has to stop for a slow disk. */
const excuses: Record<Exclude<DiskTrouble, "slow">, string> = {
  full: "its disk was made full",
  error: "its disk was made to fail",
  flip: "bits on its disk were flipped",
  torn: "the end of what it wrote was cut off",
};

/** Done at once; never, when the process has ended. */
function done(process: VirtualProcess): Promise<void>;
function done<T>(process: VirtualProcess, deed: () => T): Promise<T>;
function done<T>(process: VirtualProcess, deed?: () => T): Promise<T | undefined> {
  return new Promise((resolve) => {
    // What is thrown here rejects the promise.
    if (process.state !== "ended") resolve(deed?.());
  });
}
