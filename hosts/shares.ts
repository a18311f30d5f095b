import type { Evidence } from "../history/annotations.ts";

/**
 * How many faults hold each target. Two faults on one edge or process have a share each, and the target works again when
 * the last of them heals.
 */
export class Shares {
  readonly #held = new Map<string, number>();

  /** Takes a share of each target. The answer gives them back, however often it is called. */
  take(targets: readonly string[]): () => void {
    for (const target of targets) this.#held.set(target, (this.#held.get(target) ?? 0) + 1);
    let held = targets;
    return () => {
      for (const target of held) this.#release(target);
      held = [];
    };
  }

  isHeld(target: string): boolean {
    return this.#held.has(target);
  }

  #release(target: string): void {
    const left = (this.#held.get(target) ?? 0) - 1;
    if (left > 0) this.#held.set(target, left);
    else this.#held.delete(target);
  }
}

/** Why a target stays broken though a fault healed. The fault did heal, so this proves its healing. */
export function heldByOthers(subject: string): Evidence {
  return { subject, observation: "another fault still holds it", proves: true };
}
