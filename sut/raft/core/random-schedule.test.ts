import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import type { Effect } from "./events.ts";
import { RaftBug } from "./invariant.ts";
import type { Rules } from "./rules.ts";
import type { CoreConfig } from "./state.ts";
import { type Envelope, TestCluster } from "./test-cluster.ts";
import type { Entry, NodeId, Ref } from "./types.ts";

/**
 * Random schedules of pure cores: messages late, twice, out of order or never; disks slow; crashes that lose what was
 * not synced. After every effect the properties of Figure 3.2 must hold. A failure names its seed.
 */
const seeds = 200;
const stepsPerSeed = 3000;

test.each([
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
  { name: "3 nodes with entries that trail a snapshot", nodes: 3, config: { trailingEntries: 3 } },
])("safety holds under random schedules: $name", ({ nodes, config }) => {
  let committed = 0;
  for (let seed = 1; seed <= seeds; seed++) committed += run(seed, nodes, config, {});
  expect(committed / seeds, "entries committed in a schedule").toBeGreaterThan(10);
});

test.each<{ name: string; broken: Partial<Rules> }>([
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
  { name: "keepsTail", broken: { keepsTail: () => false } },
  { name: "keepsTail", broken: { keepsTail: (log, { index }) => index <= log.lastIndex } },
  { name: "readIsReady", broken: { readIsReady: () => true } },
])("the same schedules find a broken rule: $name", ({ broken }) => {
  const config = { preVote: false, checkQuorum: false };
  const findsIt = () => {
    for (let seed = 1; seed <= 3000; seed++) run(seed, 3, config, broken);
  };
  expect(findsIt).toThrow(Violation);
});

function run(seed: number, nodes: number, config: Partial<CoreConfig>, broken: Partial<Rules>): number {
  try {
    return new Schedule(seed, nodes, config, broken).run();
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
  #isolated: NodeId | null = null;
  #commands = 0;

  constructor(seed: number, nodes: number, config: Partial<CoreConfig>, broken: Partial<Rules>) {
    this.#generator = xoroshiro128plus(seed);
    const random = () => this.#int(0, 999_999) / 1_000_000;
    this.#cluster = new TestCluster({ nodes, config, rules: broken, random });
    this.#cluster.onEffect = (id, effect) => this.#check(id, effect);
  }

  /** Runs the schedule; returns how many entries it committed. */
  run(): number {
    for (let i = 0; i < stepsPerSeed; i++) {
      this.#act();
      this.#checkReads();
    }
    return this.#committed.length;
  }

  #act(): void {
    const cluster = this.#cluster;
    const id = cluster.ids[this.#int(0, cluster.ids.length - 1)] as NodeId;
    const dice = this.#int(0, 99);
    if (this.#int(0, 29) === 0) this.#snapshot(id);
    if (this.#int(0, 299) === 0) this.#isolated = this.#isolated === null ? id : null;
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
    const cut = envelope.from === this.#isolated || envelope.to === this.#isolated;
    if (fate < 9 && !cut) this.#cluster.deliver(envelope);
    else this.#cluster.lose(envelope);
  }

  /** Now and then one is written at once; else it takes a while, and the node may crash before. */
  #snapshot(id: NodeId): void {
    if (this.#int(0, 1) === 0) this.#cluster.beginSnapshot(id);
    if (this.#int(0, 1) === 0) this.#cluster.finishSnapshot(id);
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
    for (const { index, term, kind, command } of entries) {
      const position = `${index}@${term}`;
      const content = `${kind} ${command} behind term ${log.termAt(index - 1)}`;
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
