import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import type { Effect } from "./events.ts";
import { RaftBug } from "./invariant.ts";
import { isJoint, isVoter } from "./membership.ts";
import { majorityReached, majorityVote } from "./quorum.ts";
import type { Rules } from "./rules.ts";
import { type Envelope, TestCluster, type TestClusterOptions } from "./test-cluster.ts";
import type { Entry, NodeId, Ref } from "./types.ts";

/**
 * Random schedules of pure cores: messages late, twice, out of order or never; disks slow; crashes that lose what was
 * not synced. After every effect the properties of Figure 3.2 must hold. A failure names its seed.
 */
const seeds = 200;
const stepsPerSeed = 3000;
const recoveryMs = 2000;

test.each<{ name: string } & Setting>([
  { name: "3 nodes", nodes: 3, config: {} },
  { name: "5 nodes", nodes: 5, config: {} },
  {
    name: "3 nodes without pre-vote, check quorum and no-op",
    nodes: 3,
    config: { preVote: false, checkQuorum: false, noop: false },
  },
  {
    name: "5 nodes with one entry a message",
    nodes: 5,
    config: { maxEntriesPerAppend: 1, noop: false, preVote: false },
  },
  { name: "3 voters of 5 nodes, changing", nodes: 5, voters: 3, config: {} },
  {
    name: "4 voters of 6 nodes, changing, without pre-vote, check quorum and no-op",
    nodes: 6,
    voters: 4,
    config: { preVote: false, checkQuorum: false, noop: false },
  },
  { name: "3 nodes with entries that trail a snapshot", nodes: 3, config: { trailingEntries: 3 } },
])("safety holds under random schedules: $name", (setting) => {
  const committed = { entries: 0, changes: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const entries = run(seed, setting, {});
    committed.entries += entries.length;
    committed.changes += entries.filter(({ kind }) => kind === "config").length;
  }
  expect(committed.entries / seeds, "entries committed in a schedule").toBeGreaterThan(10);
  if (setting.voters !== undefined) expect(committed.changes / seeds, "changes of members").toBeGreaterThan(1);
});

test.each<{ name: string; broken: Partial<Rules>; config?: Setting["config"] }>([
  { name: "candidateLogIsUpToDate", broken: { candidateLogIsUpToDate: () => true } },
  {
    name: "candidateLogIsUpToDate",
    broken: { candidateLogIsUpToDate: (candidate, own) => candidate.index >= own.index },
  },
  { name: "mayGrantVote", broken: { mayGrantVote: () => true } },
  { name: "voteWaitsForDisk", broken: { voteWaitsForDisk: () => false } },
  { name: "hardStateAfterRestart", broken: { hardStateAfterRestart: ({ term }) => ({ term, votedFor: null }) } },
  { name: "isStaleTerm", broken: { isStaleTerm: () => false } },
  { name: "electionResult", broken: { electionResult: () => "won" } },
  {
    name: "replicatedByQuorum",
    broken: { replicatedByQuorum: ({ incoming }, match) => Math.max(...incoming.map(match)) },
  },
  { name: "appendAckWaitsForDisk", broken: { appendAckWaitsForDisk: () => false } },
  { name: "heartbeatMatch", broken: { heartbeatMatch: (prev) => prev } },
  { name: "prevMatches", broken: { prevMatches: () => true } },
  {
    name: "firstMissing",
    broken: { firstMissing: (log, entries) => entries.find(({ index }) => index > log.lastIndex)?.index ?? null },
  },
  { name: "ownMatchIndex", broken: { ownMatchIndex: (_durable, last) => last } },
  { name: "matchAfterRejection", broken: { matchAfterRejection: (match, hint) => Math.max(match, hint.index) } },
  { name: "followerCommit", broken: { followerCommit: (leaderCommit) => leaderCommit } },
  { name: "applyUpTo", broken: { applyUpTo: (_commit, last) => last } },
  { name: "commitAfterRestart", broken: { commitAfterRestart: (last) => last } },
  { name: "readFloor", broken: { readFloor: (commitIndex) => commitIndex } },
  { name: "roundForRead", broken: { roundForRead: () => 0 } },
  { name: "confirmedRound", broken: { confirmedRound: () => Number.POSITIVE_INFINITY } },
  { name: "snapshotIndex", broken: { snapshotIndex: (applied) => Math.max(0, applied - 1) } },
  { name: "compactionIndex", broken: { compactionIndex: (snapshot) => snapshot + 1 } },
  { name: "needsSnapshot", broken: { needsSnapshot: (next, base) => next < base } },
  { name: "snapshotIsAhead", broken: { snapshotIsAhead: () => true } },
  {
    name: "keepsTail",
    // Followers hear of commits sooner, and so snapshot sooner what another still lacks.
    config: { heartbeatMs: 5 },
    broken: { keepsTail: (log, { index }) => index <= log.lastIndex },
  },
  { name: "readIsReady", broken: { readIsReady: () => true } },
])("the same schedules find a broken rule: $name", ({ broken, config }) => {
  expect(() => search({ nodes: 3, config: { ...eager, ...config } }, broken)).toThrow(Violation);
});

test.each<{ name: string; broken: Partial<Rules> }>([
  { name: "noChangeUnderWay", broken: { noChangeUnderWay: () => true } },
  { name: "votersMayFollowAtOnce", broken: { votersMayFollowAtOnce: () => true } },
  { name: "leavesJoint", broken: { leavesJoint: isJoint } },
  {
    name: "countedForCommit",
    broken: { countedForCommit: (counted, leader) => ({ ...counted, incoming: [...counted.incoming, leader] }) },
  },
  {
    name: "countedForCommit",
    broken: { countedForCommit: (counted) => ({ ...counted, incoming: [...counted.incoming, ...counted.learners] }) },
  },
  {
    name: "replicatedByQuorum",
    broken: { replicatedByQuorum: ({ incoming }, match) => majorityReached(incoming, match) },
  },
  { name: "electionResult", broken: { electionResult: ({ incoming }, vote) => majorityVote(incoming, vote) } },
])("schedules that change members find a broken rule: $name", ({ broken }) => {
  expect(() => search({ nodes: 5, voters: 4, config: eager }, broken)).toThrow(Violation);
});

test("after all faults somebody leads, and members are settled", () => {
  for (let seed = 1; seed <= seeds; seed++) recover(seed, {});
});

test.each<{ name: string; broken: Partial<Rules> }>([
  { name: "answersAsVoter", broken: { answersAsVoter: isVoter } },
  { name: "leavesJoint", broken: { leavesJoint: () => false } },
  { name: "snapshotMembership", broken: { snapshotMembership: (log) => log.membership } },
  { name: "mayCampaign", broken: { mayCampaign: (log, _commit, server) => isVoter(log.membership, server) } },
])("the same schedules find a broken rule by what does not recover: $name", ({ broken }) => {
  expect(() => {
    for (let seed = 1; seed <= 3000; seed++) recover(seed, broken);
  }).toThrow("nobody leads");
});

function recover(seed: number, broken: Partial<Rules>): void {
  const schedule = new Schedule(seed, { nodes: 4, voters: 2, config: {} }, broken);
  schedule.run();
  schedule.checkRecovery(seed);
}

/** Without Pre-Vote and CheckQuorum, which make the fatal elections rare. */
const eager = { preVote: false, checkQuorum: false };

function search(setting: Setting, broken: Partial<Rules>): void {
  for (let seed = 1; seed <= 3000; seed++) run(seed, setting, broken);
}

/** With `voters`, the other nodes are spares, and members change. */
type Setting = Pick<TestClusterOptions, "nodes" | "voters"> & {
  readonly config: NonNullable<TestClusterOptions["config"]>;
};

function run(seed: number, setting: Setting, broken: Partial<Rules>): readonly Entry[] {
  try {
    return new Schedule(seed, setting, broken).run();
  } catch (cause) {
    if (!(cause instanceof Violation || cause instanceof RaftBug)) throw cause;
    throw new Violation(`seed ${seed}: ${cause.message}`, { cause });
  }
}

class Violation extends Error {}

class Schedule {
  readonly #generator;
  readonly #cluster: TestCluster;
  readonly #leaders = new Map<number, NodeId>();
  /** Every entry ever appended, by position: what it is and what it stands behind. */
  readonly #entries = new Map<string, string>();
  readonly #committed: Entry[] = [];
  readonly #readFloors = new Map<Ref, number>();
  /** Cut off from all others. */
  #apart: readonly NodeId[] = [];
  readonly #changesMembers: boolean;
  #commands = 0;

  constructor(seed: number, setting: Setting, broken: Partial<Rules>) {
    this.#generator = xoroshiro128plus(seed);
    const random = () => this.#int(0, 999_999) / 1_000_000;
    this.#cluster = new TestCluster({ ...setting, rules: broken, random });
    this.#changesMembers = setting.voters !== undefined;
    this.#cluster.onEffect = (id, effect) => this.#check(id, effect);
  }

  /** Runs the schedule; returns what it committed. */
  run(): readonly Entry[] {
    for (let i = 0; i < stepsPerSeed; i++) {
      this.#act();
      this.#checkReads();
    }
    return this.#committed;
  }

  /** With everybody up and heard again, somebody leads, and no change of members is left half done. */
  checkRecovery(seed: number): void {
    const cluster = this.#cluster;
    for (const envelope of cluster.network.splice(0)) cluster.lose(envelope);
    for (const id of cluster.ids) if (!cluster.node(id).up) cluster.restart(id);
    cluster.pass(recoveryMs);
    const leads = cluster.ids.some((id) => {
      const { role, log, commitIndex } = cluster.state(id);
      return role === "leader" && log.latestConfig.index <= commitIndex && !isJoint(log.membership);
    });
    if (!leads)
      throw new Violation(`seed ${seed}: nobody leads with settled members ${recoveryMs} ms after all faults`);
  }

  #act(): void {
    const cluster = this.#cluster;
    const id = cluster.ids[this.#int(0, cluster.ids.length - 1)] as NodeId;
    const dice = this.#int(0, 99);
    if (this.#int(0, 29) === 0) this.#snapshot(id);
    if (this.#int(0, 299) === 0)
      this.#apart = this.#apart.length > 0 ? [] : this.#changesMembers ? this.#someNodes() : [id];
    if (this.#changesMembers && this.#int(0, 49) === 0) this.#changeMembers(id);
    if (dice < 56) this.#deliverOne();
    else if (dice < 71) cluster.sync(id, this.#int(1, 3));
    else if (dice < 83) this.#passTime(id);
    else if (dice < 91) cluster.propose(id, ++this.#commands);
    else if (dice < 96) this.#readFloors.set(cluster.read(id, "read-index"), this.#committed.length);
    else if (dice < 97) cluster.crash(id);
    else for (const other of cluster.ids) if (!cluster.node(other).up) cluster.restart(other);
  }

  #deliverOne(): void {
    const { network } = this.#cluster;
    if (network.length === 0) return;
    const place = this.#int(0, 3) > 0 ? 0 : this.#int(0, network.length - 1);
    const fate = this.#int(0, 9);
    const envelope = network[place] as Envelope;
    if (fate > 0) network.splice(place, 1);
    const cut = this.#apart.includes(envelope.from) !== this.#apart.includes(envelope.to);
    if (fate < 9 && !cut) this.#cluster.deliver(envelope);
    else this.#cluster.lose(envelope);
  }

  /** Now and then one is written at once; else it takes a while, and the node may crash before. */
  #snapshot(id: NodeId): void {
    if (this.#int(0, 1) === 0) this.#cluster.beginSnapshot(id);
    if (this.#int(0, 1) === 0) this.#cluster.finishSnapshot(id);
  }

  /** Asks whoever may lead for some change; most make no sense at the time, and are refused. */
  #changeMembers(id: NodeId): void {
    const voters = this.#someNodes();
    const node = voters[0] as NodeId;
    const types = ["add-learner", "promote", "add-voter", "demote", "remove"] as const;
    const type = types[this.#int(0, types.length)];
    const leader = this.#cluster.ids.find((other) => this.#cluster.state(other).role === "leader") ?? id;
    this.#cluster.reconfigure(leader, type === undefined ? { type: "replace", voters } : { type, node });
  }

  #someNodes(): NodeId[] {
    const { ids } = this.#cluster;
    const some = ids.filter(() => this.#int(0, 1) === 0);
    return some.length > 0 ? some : [ids[this.#int(0, ids.length - 1)] as NodeId];
  }

  #passTime(id: NodeId): void {
    this.#cluster.now += this.#int(0, 10);
    this.#cluster.tick(id);
  }

  #check(id: NodeId, effect: Effect): void {
    if (effect.type === "role" && effect.role === "leader") this.#checkElected(id, effect.term);
    if (effect.type === "persist") this.#checkAppended(id, effect.append ?? []);
    if (effect.type === "apply") this.#checkApplied(id, effect);
  }

  /** Election Safety and Leader Completeness. */
  #checkElected(id: NodeId, term: number): void {
    const other = this.#leaders.get(term);
    if (other !== undefined && other !== id) throw new Violation(`${other} and ${id} lead term ${term}`);
    this.#leaders.set(term, id);
    const { log } = this.#cluster.state(id);
    const missing = this.#committed.find((entry) => entry.term <= term && !log.has(entry));
    if (missing !== undefined)
      throw new Violation(`leader ${id} of term ${term} lacks ${missing.index}@${missing.term}`);
  }

  /** Log Matching, by induction: a position determines its entry and the position before it. */
  #checkAppended(id: NodeId, entries: readonly Entry[]): void {
    const { log } = this.#cluster.state(id);
    for (const { index, term, kind, command, membership } of entries) {
      const position = `${index}@${term}`;
      const content = `${kind} ${command ?? JSON.stringify(membership)} behind term ${log.termAt(index - 1)}`;
      const known = this.#entries.get(position);
      if (known !== undefined && known !== content)
        throw new Violation(`${position} is ${known}, and on ${id} ${content}`);
      this.#entries.set(position, content);
    }
  }

  /** State Machine Safety, also behind a snapshot: every entry once, and the same everywhere. */
  #checkApplied(id: NodeId, { entries }: Extract<Effect, { type: "apply" }>): void {
    let applied = this.#cluster.node(id).applied.length;
    for (const { entry } of entries) {
      if (entry.index !== ++applied) throw new Violation(`${id} applies ${entry.index} where ${applied} is due`);
      const known = this.#committed[entry.index - 1];
      if (known === undefined) this.#committed.push(entry);
      else if (known.term !== entry.term || known.command !== entry.command) {
        throw new Violation(`${id} applies ${entry.index}@${entry.term}, others ${known.index}@${known.term}`);
      }
    }
  }

  /** A linearizable read sees all that was applied anywhere when it was asked. */
  #checkReads(): void {
    for (const [ref, floor] of this.#readFloors) {
      const answer = this.#cluster.answers.get(ref);
      if (answer === undefined) continue;
      this.#readFloors.delete(ref);
      if (answer.type === "read" && answer.at < floor)
        throw new Violation(`a read saw ${answer.at} of ${floor} entries`);
    }
  }

  #int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }
}
