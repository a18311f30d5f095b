import type { MembershipChange } from "./change-plan.ts";
import { enterJoint, type MemberEdit } from "./config-change.ts";
import { isVoter, membersOf, votersOnly } from "./membership.ts";
import { type Envelope, logOf, TestCluster, type TestDisk } from "./test-cluster.ts";
import type { ScriptCase } from "./test-script.ts";
import type { Membership, NodeId } from "./types.ts";

/** One tick of etcd's scripts; an election takes three. */
const tickMs = 10;

/**
 * Carries out the commands of etcd's interaction scripts on our cores. What a node sends is under way once it has handled
 * its Ready, as there: then its writes are durable too. Nodes have ids `S1`, `S2`, … for 1, 2, …, and clocks of their own.
 */
export class Interaction {
  readonly cluster: TestCluster;
  readonly #underWay: Envelope[] = [];
  readonly #clocks = new Map<NodeId, number>();
  /** Writes become durable by a command of their own, not with the Ready. */
  readonly #writesLater: boolean;
  #added = 0;
  readonly #told = new Map<NodeId, number>();
  /** Appends with entries that reached a follower whose log does not have the entry before them. */
  refusedAppends = 0;

  constructor(script: readonly ScriptCase[]) {
    this.#writesLater = script.some(({ args }) => args.get("async-storage-writes")?.[0] === "true");
    const added = script.filter(({ command }) => command === "add-nodes");
    const flag = (name: string) => added.some(({ args }) => args.get(name)?.[0] === "true");
    const inflight = added.flatMap(({ args }) => args.get("inflight") ?? []).map(Number)[0];
    const disks = added.flatMap((scriptCase) => Array.from({ length: countOf(scriptCase) }, () => diskOf(scriptCase)));
    this.cluster = new TestCluster({
      nodes: disks.length,
      voters: 0,
      disks: Object.fromEntries(disks.map((disk, i) => [`S${i + 1}`, disk])),
      random: () => 0,
      clock: (id) => this.#clocks.get(id) ?? 0,
      config: {
        electionTimeoutMs: 3 * tickMs,
        heartbeatMs: tickMs,
        preVote: flag("prevote"),
        checkQuorum: flag("checkquorum"),
        ...(inflight === undefined ? {} : { inflightWindow: inflight, maxEntriesPerAppend: 1 }),
      },
    });
  }

  get ids(): readonly NodeId[] {
    return this.cluster.ids.slice(0, this.#added);
  }

  run(scriptCase: ScriptCase): void {
    const verb = this.#verbs[scriptCase.command];
    if (verb === undefined) throw new Error(`line ${scriptCase.line}: our core has no ${scriptCase.command}`);
    verb(scriptCase);
  }

  readonly #verbs: Readonly<Record<string, (scriptCase: ScriptCase) => void>> = {
    "log-level": () => undefined,
    "raft-state": () => undefined,
    "raft-log": () => undefined,
    status: () => undefined,
    "add-nodes": (scriptCase) => {
      this.#added += countOf(scriptCase);
    },
    campaign: ({ words }) => {
      const id = nodeOf(words[0]);
      this.cluster.state(id).electionDeadline = this.cluster.clock(id);
      if (this.cluster.state(id).role !== "leader") this.cluster.tick(id);
    },
    propose: ({ words }) => void this.cluster.propose(nodeOf(words[0]), words[1]),
    "propose-conf-change": ({ words, input }) => {
      const id = nodeOf(words[0]);
      this.cluster.reconfigure(id, changeOf(input, this.cluster.state(id).log.membership));
    },
    "transfer-leadership": ({ args }) =>
      void this.cluster.transfer(nodeOf(args.get("from")?.[0]), nodeOf(args.get("to")?.[0])),
    "tick-heartbeat": ({ words }) => this.#tick(nodeOf(words[0])),
    "tick-election": ({ words }) => {
      for (let ticks = 0; ticks < 3; ticks++) this.#tick(nodeOf(words[0]));
    },
    "set-randomized-election-timeout": ({ words, args }) => {
      const id = nodeOf(words[0]);
      this.cluster.state(id).electionDeadline = this.cluster.clock(id) + tickMs * Number(args.get("timeout")?.[0]);
    },
    "report-unreachable": () => undefined,
    "send-snapshot": ({ words }) => this.#sendSnapshot(nodeOf(words[0]), nodeOf(words[1])),
    "process-apply-thread": () => undefined,
    "process-append-thread": ({ words }) => {
      for (const word of words) this.#write(nodeOf(word));
    },
    compact: ({ words }) => this.cluster.snapshot(nodeOf(words[0])),
    "process-ready": ({ words }) => {
      for (const word of words) this.#handleReady(nodeOf(word));
    },
    "deliver-msgs": ({ words, args }) => {
      for (const word of words) this.#deliverTo(nodeOf(word));
      for (const word of args.get("drop") ?? [])
        for (const lost of this.#takeFor(nodeOf(word))) this.cluster.lose(lost);
    },
    stabilize: ({ words }) => this.#stabilize(words.length > 0 ? words.map(nodeOf) : this.ids),
  };

  #tick(id: NodeId): void {
    this.#clocks.set(id, this.cluster.clock(id) + tickMs);
    this.cluster.tick(id);
  }

  #stabilize(ids: readonly NodeId[]): void {
    for (let turns = 0; turns < 1000; turns++) {
      const ready = ids.map((id) => this.#handleReady(id));
      const delivered = ids.map((id) => this.#deliverTo(id));
      const written = ids.map((id) => this.#writesLater && this.#write(id));
      if (![...ready, ...delivered, ...written].includes(true)) return;
    }
    throw new Error("the cluster does not come to rest");
  }

  /** Makes the node's writes durable, and sends what it has to send. Whether there was anything. */
  #handleReady(id: NodeId): boolean {
    const campaigns = this.cluster.state(id).role === "candidate";
    const writes = (campaigns || !this.#writesLater) && this.cluster.node(id).unsynced.length > 0;
    if (writes) this.cluster.sync(id);
    this.#tellCommit(id);
    return this.#send(id) || writes;
  }

  #write(id: NodeId): boolean {
    const writes = this.cluster.node(id).unsynced.length > 0;
    this.cluster.sync(id, 1);
    return this.#send(id) || writes;
  }

  #send(id: NodeId): boolean {
    const sent = this.cluster.network.filter(({ from }) => from === id);
    this.cluster.network = this.cluster.network.filter(({ from }) => from !== id);
    this.#underWay.push(...sent);
    return sent.length > 0;
  }

  #sendSnapshot(from: NodeId, to: NodeId): void {
    this.cluster.snapshot(from);
    const { disk, state } = this.cluster.node(from);
    if (disk.snapshot === undefined) throw new Error(`${from} has no snapshot`);
    const { meta: snapshot, content } = disk.snapshot;
    this.#underWay.push({ from, to, message: { type: "install-snapshot", term: state.term, snapshot }, content });
  }

  /** etcd's leader tells a new commit index at once, ours with what it sends next: lets a heartbeat follow. */
  #tellCommit(id: NodeId): void {
    const { leadership, commitIndex } = this.cluster.state(id);
    if (leadership === null || commitIndex === this.#told.get(id)) return;
    this.#told.set(id, commitIndex);
    leadership.heartbeatDue = this.cluster.clock(id);
    this.cluster.tick(id);
  }

  #deliverTo(id: NodeId): boolean {
    if (!this.ids.includes(id)) return false;
    const arrived = this.#takeFor(id);
    for (const envelope of arrived) {
      if (this.#willBeRefused(envelope)) this.refusedAppends++;
      this.cluster.deliver(envelope);
    }
    return arrived.length > 0;
  }

  /** Heartbeats do not count: etcd's carry no place in the log, and so cannot be refused. */
  #willBeRefused({ to, message }: Envelope): boolean {
    if (message.type !== "append-entries" || message.entries.length === 0) return false;
    return !this.cluster.state(to).log.has(message.prev);
  }

  #takeFor(id: NodeId): Envelope[] {
    const taken = this.#underWay.filter(({ to }) => to === id);
    const rest = this.#underWay.filter(({ to }) => to !== id);
    this.#underWay.splice(0, this.#underWay.length, ...rest);
    return taken;
  }
}

export function nodeOf(word: string | undefined): NodeId {
  return `S${word}`;
}

function countOf({ words }: ScriptCase): number {
  return Number(words[0]);
}

/** Nodes begin behind a snapshot that tells the members, or with nothing. */
function diskOf({ args }: ScriptCase): TestDisk {
  const hard = { term: 0, votedFor: null };
  const index = Number(args.get("index")?.[0] ?? 0);
  if (index === 0) return { hard, entries: [] };
  const ids = (name: string) => (args.get(name) ?? []).map(nodeOf);
  const membership = { ...votersOnly(ids("voters")), learners: ids("learners") };
  const content = logOf(Array.from({ length: index }, () => 1));
  return { hard, entries: [], base: { index, term: 1 }, snapshot: { meta: { index, term: 1, membership }, content } };
}

/** `v1 l2 r3` as the change that it stands for here. */
function changeOf(input: string, membership: Membership): MembershipChange {
  const edits = editsOf(input);
  const first = edits[0];
  if (first === undefined || edits.length > 1) {
    const joint = enterJoint(membership, edits, true);
    return { type: "replace", voters: "membership" in joint ? joint.membership.incoming : [] };
  }
  const { to, node } = first;
  const known = membersOf(membership).includes(node);
  if (to === "removed") return { type: "remove", node };
  if (to === "learner") return { type: known ? "demote" : "add-learner", node };
  return { type: known && !isVoter(membership, node) ? "promote" : "add-voter", node };
}

/** `v1 l2 r3 u4`; an update changes nothing, and node 0 is nobody. */
export function editsOf(input: string): MemberEdit[] {
  const to = { v: "voter", l: "learner", r: "removed" } as const;
  return input.split(/\s+/).flatMap((token) => {
    const kind = token[0] as keyof typeof to;
    return to[kind] === undefined || token.slice(1) === "0" ? [] : [{ to: to[kind], node: nodeOf(token.slice(1)) }];
  });
}

/** A membership as etcd prints it. */
export function printed(membership: Membership): string {
  const list = (nodes: readonly NodeId[]) =>
    `(${nodes
      .map((node) => Number(node.slice(1)))
      .sort((a, b) => a - b)
      .join(" ")})`;
  const { incoming, outgoing, learners, learnersNext, autoLeave } = membership;
  return [
    `voters=${list(incoming)}${outgoing.length > 0 ? `&&${list(outgoing)}` : ""}`,
    ...(learners.length > 0 ? [`learners=${list(learners)}`] : []),
    ...(learnersNext.length > 0 ? [`learners_next=${list(learnersNext)}`] : []),
    ...(autoLeave ? ["autoleave"] : []),
  ].join(" ");
}
