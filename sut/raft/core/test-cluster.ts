import type { MembershipChange } from "./change-plan.ts";
import { snapshotAt } from "./compaction.ts";
import type { ChangeOutcome, Effect, Event, Outcome, TransferOutcome } from "./events.ts";
import { RaftLog } from "./log.ts";
import { votersOnly } from "./membership.ts";
import type { Message } from "./messages.ts";
import { rules as correctRules, type Rules } from "./rules.ts";
import { type CoreConfig, type RaftState, type Recovered, startState } from "./state.ts";
import { step } from "./step.ts";
import type { Entry, HardState, Index, LogPosition, NodeId, ReadMode, Ref, SnapshotMeta } from "./types.ts";

/** A message under way. */
export interface Envelope {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
  /** Of an `install-snapshot`: what the driver carries beside it. */
  readonly content?: readonly Entry[];
}

/** A snapshot of the state machine, which here is the list of all that was applied. */
export interface TestSnapshot {
  readonly meta: SnapshotMeta;
  readonly content: readonly Entry[];
}

/** What is durable. The entries are those behind `base`. */
export interface TestDisk {
  hard: HardState;
  entries: Entry[];
  base?: LogPosition;
  snapshot?: TestSnapshot;
}

/** What the world shows of one core: its disk, its state machine, what it told its clients. */
export interface TestNode {
  state: RaftState;
  step: typeof step;
  up: boolean;
  disk: TestDisk;
  unsynced: Extract<Effect, { type: "persist" }>[];
  held: { envelope: Envelope; after: number }[];
  /** A snapshot that is being written. */
  snapshotting: TestSnapshot | null;
  applied: Entry[];
}

export type Answer =
  | Outcome
  | ChangeOutcome
  | TransferOutcome
  | { readonly type: "applied"; readonly index: number }
  | { readonly type: "read"; readonly at: number };

/** Sees what happens in a cluster, as it happens. */
export interface ClusterWatch {
  started?(id: NodeId, state: RaftState): void;
  /** After the core's step, before any of its effects. */
  stepped?(id: NodeId, event: Event, effects: readonly Effect[]): void;
  durable?(id: NodeId, io: number): void;
  crashed?(id: NodeId): void;
  snapshotTaken?(id: NodeId, label: Index, content: readonly Entry[]): void;
  snapshotRestored?(id: NodeId, label: Index, content: readonly Entry[]): void;
}

export interface TestClusterOptions {
  readonly nodes: number;
  /** How many of the nodes are voters from the beginning; the others are spares. All, if left out. */
  readonly voters?: number;
  readonly config?: Partial<Omit<CoreConfig, "id" | "bootstrap">>;
  readonly rules?: Partial<Rules>;
  readonly random?: () => number;
  /** What a node's clock shows at a time of the test's. */
  readonly clock?: (id: NodeId, now: number) => number;
  readonly watch?: ClusterWatch;
  /** The core's `step` for a node that starts with this state, or one that also tells of what it does. */
  readonly watched?: (inner: typeof step, state: RaftState) => typeof step;
  /** Starting disks by node, for scenes that begin in the middle. */
  readonly disks?: Readonly<Record<NodeId, TestDisk>>;
}

/** Cores joined by a network and disks that do only what the test tells them to. */
export class TestCluster {
  readonly ids: readonly NodeId[];
  readonly nodes = new Map<NodeId, TestNode>();
  now = 0;
  network: Envelope[] = [];
  readonly answers = new Map<Ref, Answer>();
  /** Sees every effect as it happens. */
  onEffect: (id: NodeId, effect: Effect) => void = () => undefined;
  readonly #watch: ClusterWatch;
  readonly #watched: (inner: typeof step, state: RaftState) => typeof step;
  readonly #config: Omit<CoreConfig, "id" | "bootstrap">;
  readonly #voters: readonly NodeId[];
  readonly #rules: Rules;
  readonly #random: () => number;
  /** However chance is set, processes differ. */
  readonly #runs = spread();
  readonly #clock: (id: NodeId, now: number) => number;
  #lastRef = 0;

  constructor(options: TestClusterOptions) {
    this.ids = Array.from({ length: options.nodes }, (_, i) => `S${i + 1}`);
    this.#watch = options.watch ?? {};
    this.#watched = options.watched ?? ((inner) => inner);
    this.#rules = { ...correctRules, ...options.rules };
    this.#random = options.random ?? spread();
    this.#voters = this.ids.slice(0, options.voters);
    this.#clock = options.clock ?? ((_id, now) => now);
    this.#config = {
      electionTimeoutMs: 100,
      heartbeatMs: 20,
      preVote: true,
      checkQuorum: true,
      leaseReads: false,
      leaseDriftPercent: 10,
      noop: true,
      maxEntriesPerAppend: 16,
      maxBytesPerAppend: 1000,
      inflightWindow: 4,
      trailingEntries: 0,
      maxUncommittedBytes: 1_000_000,
      ...options.config,
    };
    for (const id of this.ids) {
      const disk = structuredClone(options.disks?.[id]) ?? { hard: { term: 0, votedFor: null }, entries: [] };
      const idle = { up: true, unsynced: [], held: [], snapshotting: null };
      this.nodes.set(id, { ...this.#start(id, disk), disk, ...idle, applied: contentOf(disk) });
    }
  }

  node(id: NodeId): TestNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  }

  state(id: NodeId): RaftState {
    return this.node(id).state;
  }

  /** What the node's own clock shows. */
  clock(id: NodeId): number {
    return this.#clock(id, this.now);
  }

  step(id: NodeId, event: Event): void {
    const node = this.node(id);
    if (!node.up) return;
    const effects = node.step(node.state, event, this.#rules, this.#random);
    this.#watch.stepped?.(id, event, effects);
    for (const effect of effects) this.#perform(id, node, effect);
  }

  tick(id: NodeId): void {
    this.step(id, { type: "tick", now: this.clock(id) });
  }

  propose(id: NodeId, command: unknown, bytes = 1): Ref {
    const ref = ++this.#lastRef;
    this.step(id, { type: "propose", now: this.clock(id), proposals: [{ ref, command, bytes }] });
    return ref;
  }

  /** Asks the node to hand its leadership over. */
  transfer(id: NodeId, to: NodeId | null): Ref {
    const ref = ++this.#lastRef;
    this.step(id, { type: "transfer", now: this.clock(id), ref, to });
    return ref;
  }

  read(id: NodeId, mode: ReadMode): Ref {
    const ref = ++this.#lastRef;
    this.step(id, { type: "read", now: this.clock(id), refs: [ref], mode });
    return ref;
  }

  reconfigure(id: NodeId, change: MembershipChange): Ref {
    const ref = ++this.#lastRef;
    this.step(id, { type: "reconfigure", now: this.clock(id), ref, change });
    return ref;
  }

  /** The oldest write under way, or all up to it, reach the disk. */
  sync(id: NodeId, writes = Number.POSITIVE_INFINITY): void {
    const node = this.node(id);
    const done = node.unsynced.splice(0, writes);
    for (const record of done) writeTo(node.disk, record);
    const io = done.at(-1)?.io;
    if (io === undefined || !node.up) return;
    this.#watch.durable?.(id, io);
    const released = node.held.filter(({ after }) => after <= io);
    node.held = node.held.filter(({ after }) => after > io);
    for (const { envelope } of released) this.network.push(envelope);
    this.step(id, { type: "persisted", now: this.clock(id), io });
  }

  deliver(envelope: Envelope): void {
    const { from, to, message } = envelope;
    if (message.type !== "install-snapshot") {
      this.step(to, { type: "receive", now: this.clock(to), from, message });
    } else if (this.node(to).up) {
      keepNewest(this.node(to).disk, { meta: message.snapshot, content: envelope.content ?? [] });
      this.step(to, { type: "receive", now: this.clock(to), from, message });
      this.step(from, { type: "snapshot-sent", now: this.clock(from), to, index: message.snapshot.index });
    } else {
      this.lose(envelope);
    }
  }

  /** The message does not arrive; of a snapshot the sender hears so. */
  lose({ from, to, message }: Envelope): void {
    if (message.type !== "install-snapshot") return;
    this.step(from, { type: "snapshot-failed", now: this.clock(from), to, index: message.snapshot.index });
  }

  /** Begins to write a snapshot of what is applied now, if there is anything new. */
  beginSnapshot(id: NodeId): void {
    const node = this.node(id);
    if (!node.up || node.snapshotting !== null) return;
    const meta = snapshotAt(node.state, node.state.lastApplied, this.#rules);
    if (meta === null || meta.index <= (node.state.snapshot?.index ?? 0)) return;
    node.snapshotting = { meta, content: [...node.applied] };
    this.#watch.snapshotTaken?.(id, meta.index, node.applied);
  }

  /** The snapshot that is being written becomes durable. */
  finishSnapshot(id: NodeId): void {
    const node = this.node(id);
    const made = node.snapshotting;
    if (!node.up || made === null) return;
    node.snapshotting = null;
    keepNewest(node.disk, made);
    this.step(id, { type: "snapshot-made", now: this.clock(id), snapshot: made.meta });
  }

  snapshot(id: NodeId): void {
    this.beginSnapshot(id);
    this.finishSnapshot(id);
  }

  /** Loses what the disk does not hold. */
  crash(id: NodeId): void {
    const node = this.node(id);
    if (node.up) this.#watch.crashed?.(id);
    node.up = false;
    node.unsynced = [];
    node.held = [];
    node.snapshotting = null;
  }

  restart(id: NodeId): void {
    const node = this.node(id);
    node.up = true;
    forgetVoidLog(node.disk);
    node.applied = contentOf(node.disk);
    Object.assign(node, this.#start(id, node.disk));
  }

  /** Delivers and syncs until nothing is under way; messages on edges that `passes` refuses are lost. */
  settle(passes: (envelope: Envelope) => boolean = () => true): void {
    for (let turns = 0; turns < 10_000; turns++) {
      const envelope = this.network.shift();
      if (envelope !== undefined) {
        if (passes(envelope)) this.deliver(envelope);
        else this.lose(envelope);
        continue;
      }
      const writing = this.ids.find((id) => this.node(id).unsynced.length > 0);
      if (writing === undefined) return;
      this.sync(writing);
    }
    throw new Error("the cluster does not come to rest");
  }

  /** Lets time pass in steps of 10 ms, ticking everybody and settling after each. */
  pass(ms: number, passes: (envelope: Envelope) => boolean = () => true): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 10;
      for (const id of this.ids) this.tick(id);
      this.settle(passes);
    }
  }

  /** Makes the node campaign now, and settles. */
  campaign(id: NodeId, passes: (envelope: Envelope) => boolean = () => true): void {
    this.state(id).electionDeadline = this.clock(id);
    this.tick(id);
    this.settle(passes);
  }

  #start(id: NodeId, disk: TestNode["disk"]): Pick<TestNode, "state" | "step"> {
    const start = { now: this.clock(id), random: this.#random(), run: this.#runs() };
    const bootstrap = votersOnly(this.#voters.includes(id) ? this.#voters : []);
    const state = startState({ id, bootstrap, ...this.#config }, recover(disk), start, this.#rules);
    const watched = this.#watched(step, state);
    this.#watch.started?.(id, state);
    return { state, step: watched };
  }

  #perform(id: NodeId, node: TestNode, effect: Effect): void {
    this.onEffect(id, effect);
    if (effect.type === "persist") node.unsynced.push(effect);
    if (effect.type === "send") {
      const envelope = { from: id, to: effect.to, message: effect.message };
      if (effect.after === undefined) this.network.push(envelope);
      else node.held.push({ envelope, after: effect.after });
    }
    if (effect.type === "reply" || effect.type === "change-answer" || effect.type === "transfer-ended") {
      for (const ref of effect.refs) this.answers.set(ref, effect.outcome);
    }
    if (effect.type === "serve-read") {
      for (const ref of effect.refs) this.answers.set(ref, { type: "read", at: node.applied.length });
    }
    if (effect.type === "apply") this.#apply(id, node, effect);
    if (effect.type === "restore") this.#restore(id, node, effect.snapshot.index);
    if (effect.type === "compact") compactDisk(node.disk, node.state.snapshot);
    if (effect.type === "send-snapshot") this.#sendSnapshot(id, node, effect);
  }

  #apply(id: NodeId, node: TestNode, effect: Extract<Effect, { type: "apply" }>): void {
    for (const { entry, refs } of effect.entries) {
      node.applied.push(entry);
      for (const ref of refs) this.answers.set(ref, { type: "applied", index: entry.index });
    }
    this.step(id, { type: "applied", now: this.clock(id), index: node.applied.length });
  }

  /** The disk may hold a newer snapshot by now, from a sender whose term was over. */
  #restore(id: NodeId, node: TestNode, index: Index): void {
    node.applied = contentOf(node.disk).slice(0, index);
    this.#watch.snapshotRestored?.(id, index, node.applied);
    this.step(id, { type: "applied", now: this.clock(id), index: node.applied.length });
  }

  /** The disk may hold a newer one that the core knows nothing of. */
  #sendSnapshot(from: NodeId, node: TestNode, effect: Extract<Effect, { type: "send-snapshot" }>): void {
    const { to, term, snapshot } = effect;
    const content = contentOf(node.disk).slice(0, snapshot.index);
    this.network.push({ from, to, message: { type: "install-snapshot", term, snapshot }, content });
  }
}

/** Only messages within one of the groups pass. */
export function groups(...members: NodeId[][]): (envelope: Envelope) => boolean {
  return ({ from, to }) => members.some((group) => group.includes(from) && group.includes(to));
}

/** Numbers from [0, 1) that lie apart from one another, so that timers do. */
function spread(): () => number {
  let last = 0;
  return () => {
    last = (last + 0.618) % 1;
    return last;
  };
}

/** A log that begins with these entries, nothing before them. */
export function logWith(entries: readonly Entry[], members: readonly NodeId[] = ["S1", "S2", "S3"]): RaftLog {
  return new RaftLog({ index: 0, term: 0, membership: votersOnly(members) }, entries);
}

/** A log told by its terms, as in Figure 7: `[1, 1, 4]` has three entries. */
export function logOf(terms: readonly number[]): Entry[] {
  return terms.map((term, i) => ({ index: i + 1, term, kind: "command", command: `${i + 1}@${term}`, bytes: 1 }));
}

function writeTo(disk: TestDisk, record: Extract<Effect, { type: "persist" }>): void {
  const { hard, base, truncateFrom, append } = record;
  if (hard !== undefined) disk.hard = hard;
  if (base !== undefined) {
    disk.base = base;
    disk.entries = [];
  }
  if (truncateFrom !== undefined) disk.entries = disk.entries.filter(({ index }) => index < truncateFrom);
  disk.entries.push(...(append ?? []));
}

/** While the disk has not got there yet, or holds another entry there, which is about to be replaced, all stays. */
function compactDisk(disk: TestDisk, through: LogPosition | null): void {
  const last = disk.entries.find(({ index }) => index === through?.index);
  if (last === undefined || last.term !== through?.term) return;
  disk.base = { index: last.index, term: last.term };
  disk.entries = disk.entries.filter(({ index }) => index > last.index);
}

function keepNewest(disk: TestDisk, snapshot: TestSnapshot): void {
  if (snapshot.meta.index > (disk.snapshot?.meta.index ?? 0)) disk.snapshot = snapshot;
}

function contentOf(disk: TestDisk): Entry[] {
  return [...(disk.snapshot?.content ?? [])];
}

/** A log that does not go on from the snapshot is void for good: what is written next must not stand behind it. */
function forgetVoidLog(disk: TestDisk): void {
  if (disk.snapshot === undefined) return;
  const { index, term } = disk.snapshot.meta;
  // A snapshot can be durable before the log's record of the term that it ends with.
  if (disk.hard.term < term) disk.hard = { term, votedFor: null };
  disk.entries = [...recover(disk).entries];
  disk.base = { index, term };
}

/** The log behind the snapshot, if it goes on from there; else it is void. */
function recover({ hard, entries, base, snapshot }: TestDisk): Recovered {
  if (snapshot === undefined) return { hard, snapshot: null, entries };
  const { meta } = snapshot;
  const last = base?.index === meta.index ? base : entries.find(({ index }) => index === meta.index);
  const goesOn = last?.term === meta.term;
  return { hard, snapshot: meta, entries: goesOn ? entries.filter(({ index }) => index > meta.index) : [] };
}
