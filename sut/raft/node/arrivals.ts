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

  takeProposals(now: Millis): Event[] {
    const proposals = this.#proposals;
    this.#proposals = [];
    return proposals.length === 0 ? [] : [{ type: "propose", now, proposals }];
  }

  takeReads(now: Millis): Event[] {
    const events = [...this.#reads].map(([mode, refs]): Event => ({ type: "read", now, refs, mode }));
    this.#reads.clear();
    return events;
  }
}
