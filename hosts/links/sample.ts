import { z } from "zod";
import type { Impairment } from "../host.ts";

/** How an edge is probed: what shows depends on what is wrong with it. */
export const measurement = z.discriminatedUnion("type", [
  /** Small messages, a few milliseconds apart. */
  z.object({ type: z.literal("messages") }),
  /** So many bytes as fast as they go. */
  z.object({ type: z.literal("transfer"), bytes: z.number().int().positive() }),
  /** Small messages on one connection, until it breaks. */
  z.object({ type: z.literal("connection") }),
]);
export type Measurement = z.infer<typeof measurement>;

const count = z.number().int().min(0);

/** What a probe over an edge saw. */
export const sample = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("messages"),
    sent: count,
    arrived: count,
    /** Arrived once more. */
    duplicates: count,
    /** Arrived after one that was sent later. */
    overtaken: count,
    /** Arrived in order, but took so much longer than the fastest that it, or one before it, was sent again. */
    late: count,
    /** The fastest; null: none arrived. */
    leastMs: z.number().nullable(),
  }),
  z.object({ type: z.literal("transfer"), bytes: count, tookMs: z.number() }),
  z.object({ type: z.literal("connection"), messages: count, reset: z.boolean() }),
]);
export type Sample = z.infer<typeof sample>;

export const messagesInSample = 100;
export const messageEveryMs = 3;
export const bytesInMessage = 64;
/** After the last message, or instead of the end of a transfer. */
export const sampleTimeoutMs = 1500;
/** Twice what starts a transfer before its rate is limited; also keeps what is measured small beside what nodes send. */
const leastTransferBytes = 8192;

/** What shows an impairment. */
export function measurementOf(impairment: Impairment): Measurement {
  if (impairment.kind === "link-reset") return { type: "connection" };
  if (impairment.kind !== "link-rate") return { type: "messages" };
  return { type: "transfer", bytes: Math.max(leastTransferBytes, Math.round(impairment.bytesPerSecond / 2)) };
}

/** What an edge without impairment shows at its best. */
export function flawless(of: Measurement): Sample {
  if (of.type === "transfer") return { type: "transfer", bytes: of.bytes, tookMs: 0 };
  if (of.type === "connection") return { type: "connection", messages: messagesInSample, reset: false };
  const sent = messagesInSample;
  return { type: "messages", sent, arrived: sent, duplicates: 0, overtaken: 0, late: 0, leastMs: 0 };
}

/** Notes what became of each message of a sample, by its number. */
export class MessageLog {
  readonly #sentMs: number[] = [];
  readonly #tookMs = new Map<number, number>();
  #newest = -1;
  #duplicates = 0;
  #overtaken = 0;

  sent(atMs: number): void {
    this.#sentMs.push(atMs);
  }

  arrived(number: number, atMs: number): void {
    const sentMs = this.#sentMs[number];
    if (sentMs === undefined) return;
    if (this.#tookMs.has(number)) {
      this.#duplicates++;
      return;
    }
    this.#tookMs.set(number, atMs - sentMs);
    if (number < this.#newest) this.#overtaken++;
    this.#newest = Math.max(this.#newest, number);
  }

  get isComplete(): boolean {
    return this.#tookMs.size === messagesInSample;
  }

  /** `lateMs`: how much longer than the fastest is late; left out: nothing is. */
  sample(lateMs = Number.POSITIVE_INFINITY): Sample {
    const took = [...this.#tookMs.values()];
    const leastMs = took.length === 0 ? null : Math.min(...took);
    return {
      type: "messages",
      sent: this.#sentMs.length,
      arrived: took.length,
      duplicates: this.#duplicates,
      overtaken: this.#overtaken,
      late: took.filter((ms) => ms - (leastMs ?? 0) >= lateMs).length,
      leastMs,
    };
  }
}
