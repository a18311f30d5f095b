import type { Event, Proposal } from "../core/events.ts";
import type { Millis, ReadMode, Ref } from "../core/types.ts";
import type { EncodedQuestion } from "../protocol/client-messages.ts";

/** What clients asked and the core has not been told yet. All of a kind becomes one event. */
export class Arrivals {
  #proposals: Proposal[] = [];
  readonly #reads = new Map<ReadMode, Ref[]>();

  get proposals(): number {
    return this.#proposals.length;
  }

  add(ref: Ref, question: EncodedQuestion, readMode: ReadMode): void {
    if ("command" in question) {
      this.#proposals.push({ ref, command: question.command, bytes: question.command.length });
      return;
    }
    const refs = this.#reads.get(readMode);
    if (refs === undefined) this.#reads.set(readMode, [ref]);
    else refs.push(ref);
  }

  takeProposals(now: Millis, into: Event[]): void {
    if (this.#proposals.length === 0) return;
    into.push({ type: "propose", now, proposals: this.#proposals });
    this.#proposals = [];
  }

  takeReads(now: Millis, into: Event[]): void {
    if (this.#reads.size === 0) return;
    for (const [mode, refs] of this.#reads) into.push({ type: "read", now, refs, mode });
    this.#reads.clear();
  }
}
