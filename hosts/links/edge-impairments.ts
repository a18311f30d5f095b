import type { Impairment } from "../host.ts";

/** The kinds of impairment that happen to a share of what is sent. */
type ShareKind = Extract<Impairment, { readonly share: number }>["kind"];

/**
 * What impairs one edge: one impairment of each kind, the last that was set. It decides what becomes of each piece that is sent
 * along the edge, in a program that carries the pieces itself.
 */
export class EdgeImpairments {
  readonly #random: () => number;
  readonly #nowMs: () => number;
  readonly #shares = new Map<ShareKind, number>();
  #slow: Extract<Impairment, { readonly kind: "link-slow" }> | null = null;
  #bytesPerSecond: number | null = null;
  /** When what was sent before has left, at the limited rate. */
  #freeAtMs = 0;

  constructor(random: () => number, nowMs: () => number) {
    this.#random = random;
    this.#nowMs = nowMs;
  }

  get isClear(): boolean {
    return this.#shares.size === 0 && this.#slow === null && this.#bytesPerSecond === null;
  }

  set(impairment: Impairment): void {
    if (impairment.kind === "link-slow") this.#slow = impairment;
    else if (impairment.kind === "link-rate") this.#bytesPerSecond = impairment.bytesPerSecond;
    else this.#shares.set(impairment.kind, impairment.share);
  }

  clear(kind: Impairment["kind"]): void {
    if (kind === "link-slow") this.#slow = null;
    else if (kind === "link-rate") this.#bytesPerSecond = null;
    else this.#shares.delete(kind);
  }

  /** Draws whether it happens to this piece. Draws nothing where it is not set. */
  happens(kind: ShareKind): boolean {
    const share = this.#shares.get(kind);
    return share !== undefined && this.#random() < share;
  }

  /** How much later than usual a piece arrives that is sent now. */
  delayMs(bytes: () => number): number {
    const jitter = this.#slow === null ? 0 : (2 * this.#random() - 1) * this.#slow.jitterMs;
    return (this.#slow?.delayMs ?? 0) + jitter + this.#queuedMs(bytes);
  }

  #queuedMs(bytes: () => number): number {
    if (this.#bytesPerSecond === null) return 0;
    const nowMs = this.#nowMs();
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + (bytes() * 1000) / this.#bytesPerSecond;
    return this.#freeAtMs - nowMs;
  }
}
