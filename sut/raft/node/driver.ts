import type { Logger } from "pino";
import type { Clock } from "../../../time/clock.ts";
import { type MembershipChange, nodesOf } from "../core/change-plan.ts";
import { snapshotAt } from "../core/compaction.ts";
import type { ChangeOutcome, Effect, Event, Outcome, TransferOutcome } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Rules } from "../core/rules.ts";
import type { RaftState } from "../core/state.ts";
import type { step } from "../core/step.ts";
import type { Index, IoId, Millis, NodeId, ReadMode, Ref, SnapshotMeta } from "../core/types.ts";
import type { KvStore } from "../kv/store.ts";
import type { ClientAnswer, EncodedQuestion } from "../protocol/client-messages.ts";
import { Arrivals } from "./arrivals.ts";
import type { Duties } from "./duties.ts";
import type { NodeMetrics } from "./metrics.ts";
import type { SnapshotEvent, Snapshots } from "./snapshots/snapshots.ts";
import { StateMachine } from "./state-machine.ts";
import type { WalRecord } from "./storage/wal-format.ts";
import type { Transport } from "./transport.ts";

export interface DriverOptions {
  readonly state: RaftState;
  readonly rules: Rules;
  readonly duties: Duties;
  /** The core's `step`, or one that also tells of what it does. */
  readonly step: typeof step;
  readonly readMode: ReadMode;
  /** How long commands wait for others before they are proposed together; 0: to the end of the turn of the event loop. */
  readonly batchWindowMs: number;
  readonly store: KvStore;
  readonly restoreStore: (snapshot: SnapshotMeta) => Promise<KvStore>;
  readonly snapshotEntries: number;
  readonly snapshots: Pick<Snapshots, "take" | "send" | "tick">;
  readonly transport: Transport;
  /** Every node of which the address is known, this one included: all that may ever be members. */
  readonly addressBook: ReadonlySet<NodeId>;
  readonly appendToLog: (io: IoId, record: WalRecord) => void;
  /** Nothing up to this entry is needed from the log any more. */
  readonly compactLog: (through: Index) => unknown;
  readonly clock: Clock;
  /** What events are dated by. */
  readonly eventTimeMs: () => Millis;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: NodeMetrics;
  /** The core found itself wrong; the node must stop. */
  readonly onBug: (cause: unknown) => void;
  /** The disk, or what is on it, cannot be used; the node must stop. */
  readonly onStorageError: (cause: Error) => void;
}

interface OpenRequest {
  readonly request: EncodedQuestion;
  readonly answer: (answer: ClientAnswer) => void;
}

/** What came of a change of members. `unknown-member` is also said of a node that has no address. */
export type ChangeAnswer = ChangeOutcome | Outcome;

/**
 * Turns what happens into events for the core, and the core's effects into deeds. What one turn of the event loop brings
 * is handed to the core together, at its end: clients' commands as one proposal, so that they share a write and a message.
 */
export class Driver {
  readonly #options: DriverOptions;
  readonly #events: Event[] = [];
  readonly #arrivals = new Arrivals();
  readonly #machine: StateMachine;
  #turnIsDue = false;
  readonly #dueTurn = (): void => this.#turn();
  /** Commands wait for others to come. */
  #gathering = false;
  #busy = false;
  #stopped = false;
  /** Messages that wait for the disk, in the order of the writes they wait for. */
  readonly #held: { readonly to: NodeId; readonly message: Message; readonly after: IoId }[] = [];
  readonly #requests = new Map<Ref, OpenRequest>();
  readonly #changes = new Map<Ref, (answer: ChangeAnswer) => void>();
  readonly #transfers = new Map<Ref, (outcome: TransferOutcome) => void>();
  #lastRef: Ref = 0;

  constructor(options: DriverOptions) {
    this.#options = options;
    const { state, rules, duties, store, restoreStore, snapshotEntries, snapshots, onStorageError } = options;
    this.#machine = new StateMachine({
      duties,
      store,
      restore: restoreStore,
      snapshotEntries,
      takeSnapshot: (content, applied) => {
        const snapshot = snapshotAt(state, applied, rules);
        if (snapshot !== null) snapshots.take(content, snapshot, applied);
      },
      onApplied: (index) => this.#tell({ type: "applied", now: options.eventTimeMs(), index }),
      answer: (ref, answer) => this.#answer(ref, answer),
      answerReads: (refs) => this.#answerReads(refs),
      onError: onStorageError,
    });
  }

  /** The entry that the state machine carries out, or the last that it did. */
  get applying(): Index {
    return this.#machine.applying;
  }

  get state(): RaftState {
    return this.#options.state;
  }

  tick(): void {
    this.#options.transport.tick();
    this.#options.snapshots.tick();
    this.#events.push({ type: "tick", now: this.#options.eventTimeMs() });
    this.#turn();
  }

  receive(from: NodeId, message: Message): void {
    this.#tell({ type: "receive", now: this.#options.eventTimeMs(), from, message });
  }

  persisted(io: IoId): void {
    while ((this.#held[0]?.after ?? Number.POSITIVE_INFINITY) <= io) {
      const { to, message } = this.#held.shift() as { to: NodeId; message: Message };
      if (!this.#stopped) this.#options.transport.send(to, message);
    }
    this.#tell({ type: "persisted", now: this.#options.eventTimeMs(), io });
  }

  /** A snapshot was made, or its way to a follower is over. */
  onSnapshot(event: SnapshotEvent): void {
    this.#tell({ ...event, now: this.#options.eventTimeMs() });
  }

  /** A client's request, answered once. It may choose how its read is answered. */
  submit(request: EncodedQuestion, answer: (answer: ClientAnswer) => void, readMode = this.#options.readMode): void {
    const ref = ++this.#lastRef;
    this.#requests.set(ref, { request, answer });
    const times = this.#options.duties.timesProposed();
    for (let time = 0; time < times; time++) this.#arrivals.add(ref, request, readMode);
    if ("command" in request && this.#options.batchWindowMs > 0) this.#gather();
    else this.#turnSoon();
  }

  /** Asks for other members; answered once, when the change is committed or has failed. */
  reconfigure(change: MembershipChange, answer: (answer: ChangeAnswer) => void): void {
    if (!nodesOf(change).every((node) => this.#options.addressBook.has(node))) {
      answer({ type: "refused", reason: "unknown-member" });
      return;
    }
    const ref = ++this.#lastRef;
    this.#changes.set(ref, answer);
    this.#tell({ type: "reconfigure", now: this.#options.eventTimeMs(), ref, change });
  }

  /** Hands the leadership over, to the most up-to-date voter when `to` is null; tells how that ended (§3.10). */
  transfer(to: NodeId | null, answer: (outcome: TransferOutcome) => void): void {
    const ref = ++this.#lastRef;
    this.#transfers.set(ref, answer);
    this.#tell({ type: "transfer", now: this.#options.eventTimeMs(), ref, to });
  }

  /** Does nothing more, and answers nobody. */
  stop(): void {
    this.#stopped = true;
  }

  /** Commands wait from the first of them on, as long as the knob says. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#options.clock.after(this.#options.batchWindowMs, () => {
      this.#gathering = false;
      this.#turn();
    });
  }

  #tell(event: Event): void {
    this.#events.push(event);
    // While events are handled, one more is handled after them.
    if (!this.#busy) this.#turnSoon();
  }

  #turnSoon(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    this.#options.clock.soon(this.#dueTurn);
  }

  #turn(): void {
    this.#turnIsDue = false;
    const now = this.#options.eventTimeMs();
    if (!this.#gathering) {
      this.#options.metrics.proposals.inc(this.#arrivals.proposals);
      this.#arrivals.takeProposals(now, this.#events);
    }
    this.#arrivals.takeReads(now, this.#events);
    this.#handleEvents();
  }

  /** One event at a time: what the effects of one cause comes after them. */
  #handleEvents(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#events.shift(); next !== undefined && !this.#stopped; next = this.#events.shift()) {
        const { state, step, rules, random } = this.#options;
        for (const effect of step(state, next, rules, random)) this.#perform(effect);
      }
    } catch (cause) {
      this.stop();
      this.#options.onBug(cause);
    }
    this.#busy = false;
  }

  #perform(effect: Effect): void {
    const perform = this.#performers[effect.type] as (effect: Effect) => void;
    perform(effect);
  }

  readonly #performers: { [T in Effect["type"]]: (effect: Extract<Effect, { type: T }>) => void } = {
    persist: (effect) => {
      if (effect.append !== undefined) this.#options.metrics.batchEntries.observe(effect.append.length);
      this.#options.appendToLog(effect.io, effect);
      const { duties, state } = this.#options;
      for (const ref of duties.answeredWhenAppended(effect.append ?? [], state))
        this.#answer(ref, { type: "ok", value: null });
    },
    send: ({ to, message, after }) => {
      if (after === undefined) this.#options.transport.send(to, message);
      else this.#held.push({ to, message, after });
    },
    apply: ({ entries }) => this.#machine.apply(entries),
    restore: ({ snapshot }) => this.#machine.restore(snapshot),
    compact: ({ through }) => this.#options.compactLog(through),
    "send-snapshot": (effect) => this.#options.snapshots.send(effect),
    "serve-read": ({ refs }) => this.#answerReads(refs),
    reply: ({ refs, outcome }) => {
      for (const ref of refs) {
        if (this.#changes.has(ref)) this.#answerChange(ref, outcome);
        else this.#answer(ref, outcome);
      }
    },
    "change-answer": ({ refs, outcome }) => {
      for (const ref of refs) this.#answerChange(ref, outcome);
    },
    "transfer-ended": ({ refs, outcome }) => {
      this.#options.log.info({ event: "transfer", ...outcome }, `transfer of leadership: ${outcome.type}`);
      for (const ref of refs) {
        this.#transfers.get(ref)?.(outcome);
        this.#transfers.delete(ref);
      }
    },
    "follower-lost-entries": ({ follower, refusedIndex, matchIndex }) => {
      this.#options.log.warn(
        { event: "follower-lost-entries", follower, refusedIndex, matchIndex },
        `${follower} refused entries that it had acknowledged: it lacks ${refusedIndex} of ${matchIndex}. ` +
          "Its disk lost them; it gets no more entries in this term, and should be replaced under a new id",
      );
    },
    role: ({ role, term, leader, reason }) => {
      this.#options.log.info({ event: "role", role, term, leader, reason }, `${role} in term ${term}: ${reason}`);
      if (role === "candidate") this.#options.metrics.elections.inc();
    },
  };

  #answerReads(refs: readonly Ref[]): void {
    for (const ref of refs) {
      const request = this.#requests.get(ref)?.request;
      if (request === undefined || !("read" in request)) continue;
      this.#answer(ref, { type: "ok", value: this.#machine.get(request.read) });
    }
  }

  #answerChange(ref: Ref, answer: ChangeAnswer): void {
    const open = this.#changes.get(ref);
    this.#changes.delete(ref);
    open?.(answer);
  }

  #answer(ref: Ref, answer: ClientAnswer): void {
    const open = this.#requests.get(ref);
    this.#requests.delete(ref);
    open?.answer(answer);
  }
}
