import type { RandomStream } from "../random/stream.ts";

export interface Rotation {
  readonly prefix: string;
  /** How many keys are in use at a time. */
  readonly active: number;
  /** After so many uses a key gives way to a new one. */
  readonly usesPerKey: number;
  readonly random: RandomStream;
}

/** Keys that give way to new ones after a while, so that histories of one key and lists in one key stay short. */
export class RotatingKeys {
  readonly #rotation: Rotation;
  readonly #active: { key: string; uses: number }[] = [];
  #made = 0;

  constructor(rotation: Rotation) {
    this.#rotation = rotation;
    while (this.#active.length < rotation.active) this.#active.push(this.#make());
  }

  /** One of the keys in use; counts as a use of it. */
  use(): string {
    const { random, active, usesPerKey } = this.#rotation;
    const place = random.integer(0, active - 1);
    const chosen = this.#active[place]!;
    chosen.uses++;
    if (chosen.uses >= usesPerKey) this.#active[place] = this.#make();
    return chosen.key;
  }

  /** Takes a key out of use before its time. */
  retire(key: string): void {
    const place = this.#active.findIndex((used) => used.key === key);
    if (place >= 0) this.#active[place] = this.#make();
  }

  has(key: string): boolean {
    return this.#active.some((used) => used.key === key);
  }

  #make(): { key: string; uses: number } {
    return { key: `${this.#rotation.prefix}${this.#made++}`, uses: 0 };
  }
}
