import { describe, expect, test } from "vitest";
import type { MembershipChange } from "./change-plan.ts";
import { votersOnly } from "./membership.ts";
import { groups, TestCluster } from "./test-cluster.ts";
import type { NodeId } from "./types.ts";

/** S1 leads; nodes beyond the voters are spares. */
function led(voters: number, nodes = 5, options: Partial<ConstructorParameters<typeof TestCluster>[0]> = {}) {
  const cluster = new TestCluster({ nodes, voters, ...options });
  cluster.campaign("S1");
  expect(cluster.state("S1").role).toBe("leader");
  return cluster;
}

/** Asks for the change, lets everything arrive, and answers what came of it. */
function changed(cluster: TestCluster, change: MembershipChange, leader: NodeId = "S1") {
  const ref = cluster.reconfigure(leader, change);
  cluster.settle();
  return cluster.answers.get(ref);
}

function refusal(cluster: TestCluster, change: MembershipChange, leader: NodeId = "S1") {
  const answer = cluster.answers.get(cluster.reconfigure(leader, change));
  return answer?.type === "refused" ? answer.reason : answer?.type;
}

describe("changes of members", () => {
  test("a spare becomes a learner, catches up, and is made a voter (§4.2.1)", () => {
    const cluster = led(3, 4);
    for (let i = 0; i < 40; i++) cluster.propose("S1", i);
    cluster.settle();
    const learner = { ...votersOnly(["S1", "S2", "S3"]), learners: ["S4"] };
    expect(changed(cluster, { type: "add-learner", node: "S4" })).toEqual({
      type: "reconfigured",
      membership: learner,
    });
    cluster.pass(40);
    expect(cluster.state("S4").log.lastIndex).toBe(cluster.state("S1").log.lastIndex);
    const four = votersOnly(["S1", "S2", "S3", "S4"]);
    expect(changed(cluster, { type: "promote", node: "S4" })).toEqual({ type: "reconfigured", membership: four });
    cluster.pass(20);
    for (const id of cluster.ids) expect(cluster.state(id).log.membership).toEqual(four);
  });

  test("a learner that lacks more than a message is not promoted yet", () => {
    const cluster = led(3, 4);
    changed(cluster, { type: "add-learner", node: "S4" });
    for (let i = 0; i < 40; i++) cluster.propose("S1", i);
    cluster.settle(groups(["S1", "S2", "S3"]));
    expect(refusal(cluster, { type: "promote", node: "S4" })).toBe("learner-behind");
    cluster.pass(200, groups(["S1", "S2", "S3"]));
    expect(refusal(cluster, { type: "promote", node: "S4" })).toBe("learner-behind");
    cluster.pass(60);
    expect(changed(cluster, { type: "promote", node: "S4" })).toMatchObject({ type: "reconfigured" });
  });

  test("what makes no sense is refused, and changes nothing", () => {
    const cluster = led(2, 4);
    changed(cluster, { type: "add-learner", node: "S3" });
    const before = cluster.state("S1").log.lastIndex;
    expect(refusal(cluster, { type: "add-learner", node: "S2" })).toBe("already-member");
    expect(refusal(cluster, { type: "add-learner", node: "S3" })).toBe("already-member");
    expect(refusal(cluster, { type: "add-voter", node: "S1" })).toBe("already-member");
    expect(refusal(cluster, { type: "promote", node: "S2" })).toBe("already-member");
    expect(refusal(cluster, { type: "demote", node: "S3" })).toBe("already-member");
    expect(refusal(cluster, { type: "replace", voters: ["S2", "S1", "S1"] })).toBe("already-member");
    for (const type of ["promote", "demote", "remove"] as const) {
      expect(refusal(cluster, { type, node: "S4" }), type).toBe("unknown-member");
    }
    expect(refusal(cluster, { type: "replace", voters: [] })).toBe("last-voter");
    expect(refusal(cluster, { type: "remove", node: "S1" }, "S2")).toBe("not-leader");
    expect(cluster.state("S1").log.lastIndex).toBe(before);
  });

  test("the last voter stays", () => {
    const cluster = led(1, 1);
    for (const type of ["remove", "demote"] as const) {
      expect(refusal(cluster, { type, node: "S1" })).toBe("last-voter");
    }
  });

  test("one change at a time (§4.1)", () => {
    const cluster = led(3);
    const first = cluster.reconfigure("S1", { type: "add-voter", node: "S4" });
    expect(refusal(cluster, { type: "add-voter", node: "S5" })).toBe("change-in-flight");
    cluster.settle();
    expect(cluster.answers.get(first)).toMatchObject({ type: "reconfigured" });
    expect(changed(cluster, { type: "add-voter", node: "S5" })).toMatchObject({ type: "reconfigured" });
  });

  test("a leader that hands over changes nothing (§3.10)", () => {
    const cluster = led(3, 4);
    cluster.transfer("S1", "S2");
    expect(refusal(cluster, { type: "add-learner", node: "S4" })).toBe("transferring");
  });

  test("a leader changes nothing before it has committed in its term (§4.1, erratum)", () => {
    const cluster = led(3, 4, { config: { noop: false } });
    expect(refusal(cluster, { type: "add-learner", node: "S4" })).toBe("not-ready");
    cluster.propose("S1", "x");
    cluster.settle();
    expect(changed(cluster, { type: "add-learner", node: "S4" })).toMatchObject({ type: "reconfigured" });
  });

  test.each([
    { rule: "with the rule", broken: {}, second: "not-ready", deposedLeads: false },
    { rule: "without it", broken: { hasCommittedInTerm: () => true }, second: undefined, deposedLeads: true },
  ])("two leaders' changes, one of them of four voters to five: $rule", ({ broken, second, deposedLeads }) => {
    const cluster = led(4, 5, { rules: broken, config: { checkQuorum: false, preVote: false } });
    cluster.reconfigure("S1", { type: "add-voter", node: "S5" });
    cluster.settle(groups(["S1", "S5"]));
    const noAppendToS4: Parameters<typeof cluster.settle>[0] = (envelope) =>
      groups(["S2", "S3", "S4"])(envelope) && !(envelope.to === "S4" && envelope.message.type === "append-entries");
    cluster.campaign("S2", noAppendToS4);
    expect(cluster.state("S2")).toMatchObject({ role: "leader", term: 2 });
    expect(refusal(cluster, { type: "remove", node: "S1" }, "S2")).toBe(second);
    cluster.settle(noAppendToS4);
    const committed = cluster.state("S2").log.slice(2, cluster.state("S2").commitIndex);
    cluster.crash("S2");
    cluster.crash("S1");
    cluster.restart("S1");
    for (let i = 0; i < 2; i++) cluster.campaign("S1", groups(["S1", "S4", "S5"]));
    expect(cluster.state("S1")).toMatchObject({ role: "leader", term: 3 });
    const lost = committed.filter((entry) => !cluster.state("S1").log.has(entry));
    expect(lost.length > 0, "S1 leads without what S2 had committed").toBe(deposedLeads);
  });

  test("a change is in effect on append, and taken back with its entry (§4.1)", () => {
    const cluster = led(3, 4, { config: { checkQuorum: false } });
    const ref = cluster.reconfigure("S1", { type: "add-voter", node: "S4" });
    cluster.settle(groups(["S1"], ["S2", "S3"]));
    expect(cluster.state("S1").log.membership.incoming).toHaveLength(4);
    cluster.pass(300, groups(["S1"], ["S2", "S3"]));
    cluster.pass(300);
    expect(cluster.state("S1").log.membership).toEqual(votersOnly(["S1", "S2", "S3"]));
    expect(cluster.answers.get(ref)).toEqual({ type: "outcome-unknown" });
  });

  test("a change survives a restart of everybody", () => {
    const cluster = led(3, 4);
    changed(cluster, { type: "replace", voters: ["S2", "S3", "S4"] });
    cluster.pass(500);
    for (const id of cluster.ids) cluster.crash(id);
    for (const id of cluster.ids) cluster.restart(id);
    for (const id of cluster.ids) expect(cluster.state(id).log.membership).toEqual(votersOnly(["S2", "S3", "S4"]));
  });
});

describe("joint consensus (§4.3)", () => {
  const others = { type: "replace", voters: ["S1", "S4", "S5"] } as const;

  test("two voters are replaced over a joint membership that is left by itself", () => {
    const cluster = led(3);
    const kinds: string[] = [];
    cluster.onEffect = (id, effect) => {
      if (id !== "S1" || effect.type !== "persist") return;
      for (const { membership } of effect.append ?? []) if (membership) kinds.push(membership.outgoing.join());
    };
    expect(changed(cluster, others)).toEqual({ type: "reconfigured", membership: votersOnly(["S1", "S4", "S5"]) });
    expect(kinds).toEqual(["S1,S2,S3", ""]);
  });

  test("nothing is committed without a majority of both", () => {
    for (const connected of [
      ["S1", "S4", "S5"],
      ["S1", "S2", "S3"],
    ]) {
      const cluster = led(3);
      const ref = cluster.reconfigure("S1", others);
      cluster.pass(60, groups(connected));
      expect(cluster.answers.get(ref), connected.join()).toBeUndefined();
      cluster.pass(60, groups(["S1", "S2", "S4"]));
      expect(cluster.answers.get(ref)).toMatchObject({ type: "reconfigured" });
    }
  });

  test("a new leader finishes what its predecessor began", () => {
    const cluster = led(3);
    cluster.reconfigure("S1", others);
    cluster.settle(({ to }) => to !== "S1");
    cluster.crash("S1");
    const next = cluster.ids.find((id) => cluster.state(id).log.membership.outgoing.length > 0 && id !== "S1");
    expect(next).toBeDefined();
    cluster.pass(500);
    const leader = cluster.ids.find((id) => cluster.node(id).up && cluster.state(id).role === "leader") ?? "";
    expect(cluster.state(leader).log.membership).toEqual(votersOnly(["S1", "S4", "S5"]));
    expect(["S4", "S5"]).toContain(leader);
  });
});

describe("a leader that removes itself (§4.2.2)", () => {
  test("leads until that is committed, tells the others, and steps down for good", () => {
    const cluster = led(3, 3);
    const ref = cluster.reconfigure("S1", { type: "remove", node: "S1" });
    expect(cluster.state("S1").role).toBe("leader");
    cluster.settle();
    expect(cluster.answers.get(ref)).toEqual({ type: "reconfigured", membership: votersOnly(["S2", "S3"]) });
    expect(cluster.state("S1")).toMatchObject({ role: "follower", leader: null });
    expect(["S2", "S3"].map((id) => cluster.state(id).commitIndex)).toEqual([2, 2]);
    cluster.pass(500);
    expect(cluster.state("S1").role).toBe("follower");
    expect(["S2", "S3"].map((id) => cluster.state(id).role)).toContain("leader");
  });

  test("does not count itself", () => {
    const cluster = led(4, 4);
    cluster.reconfigure("S1", { type: "remove", node: "S1" });
    cluster.settle(groups(["S1", "S2"], ["S3"], ["S4"]));
    cluster.propose("S1", "x");
    cluster.settle(groups(["S1", "S2"], ["S3"], ["S4"]));
    expect(cluster.state("S1").commitIndex).toBe(1);
    cluster.pass(20, groups(["S1", "S2", "S3"]));
    expect(cluster.state("S1")).toMatchObject({ role: "follower", commitIndex: 3 });
  });

  test("of two voters, the one that alone knows that it goes wins once more, to finish it (Figure 4.6)", () => {
    const cluster = led(2, 2);
    cluster.reconfigure("S1", { type: "remove", node: "S1" });
    cluster.settle(groups(["S1"], ["S2"]));
    cluster.crash("S1");
    cluster.restart("S1");
    cluster.pass(1000);
    expect(cluster.state("S2")).toMatchObject({ role: "leader" });
    expect(cluster.state("S2").log.membership).toEqual(votersOnly(["S2"]));
    expect(cluster.state("S1").role).toBe("follower");
  });
});

describe("those that do not vote", () => {
  test("a spare waits, whatever time passes", () => {
    const cluster = new TestCluster({ nodes: 2, voters: 1 });
    cluster.pass(1000);
    expect(cluster.state("S1").role).toBe("leader");
    expect(cluster.state("S2")).toMatchObject({ role: "follower", term: 0 });
  });

  test("a learner's copy does not count, and it does not campaign (§4.2.1)", () => {
    const cluster = led(3, 4, { config: { checkQuorum: false } });
    changed(cluster, { type: "add-learner", node: "S4" });
    cluster.pass(40);
    const ref = cluster.propose("S1", "x");
    cluster.pass(100, groups(["S1", "S4"]));
    expect(cluster.state("S4").log.lastIndex).toBe(cluster.state("S1").log.lastIndex);
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.pass(1000, groups(["S4"]));
    expect(cluster.state("S4").role).toBe("follower");
  });

  test("a server asked for its vote gives it, though its own log says that it is a learner (§4.1)", () => {
    const cluster = led(2, 3);
    changed(cluster, { type: "add-learner", node: "S3" });
    cluster.pass(40);
    cluster.reconfigure("S1", { type: "promote", node: "S3" });
    cluster.settle(groups(["S1", "S2"]));
    expect(cluster.state("S3").log.membership.learners).toEqual(["S3"]);
    cluster.crash("S1");
    cluster.pass(1000);
    expect(cluster.state("S2").role).toBe("leader");
  });

  test("a removed follower hears that it is, and campaigns no more", () => {
    const cluster = led(3, 3);
    changed(cluster, { type: "remove", node: "S3" });
    cluster.settle();
    const { log, commitIndex } = cluster.state("S3");
    expect(log.membership).toEqual(votersOnly(["S1", "S2"]));
    expect(commitIndex).toBe(log.latestConfig.index);
    expect([...(cluster.state("S1").leadership?.progress.keys() ?? [])]).toEqual(["S2"]);
    cluster.pass(1000);
    expect(cluster.state("S3")).toMatchObject({ role: "follower", term: 1 });
  });

  test("one that did not hear of it is given up after an election timeout, and deposes nobody (§4.2.3)", () => {
    const cluster = led(3, 3);
    cluster.reconfigure("S1", { type: "remove", node: "S3" });
    cluster.pass(50, groups(["S1", "S2"]));
    expect([...(cluster.state("S1").leadership?.progress.keys() ?? [])]).toEqual(["S2", "S3"]);
    cluster.pass(60, groups(["S1", "S2"]));
    expect([...(cluster.state("S1").leadership?.progress.keys() ?? [])]).toEqual(["S2"]);
    cluster.pass(2000);
    expect(cluster.state("S1")).toMatchObject({ role: "leader", term: 1 });
  });

  test("one that comes back while it is still told that it goes begins anew", () => {
    const cluster = led(3, 3);
    cluster.reconfigure("S1", { type: "remove", node: "S3" });
    cluster.settle(groups(["S1", "S2"]));
    expect(changed(cluster, { type: "add-voter", node: "S3" })).toMatchObject({ type: "reconfigured" });
    cluster.pass(200);
    expect(cluster.state("S3").log.lastIndex).toBe(3);
    expect([...(cluster.state("S1").leadership?.progress.keys() ?? [])]).toEqual(["S2", "S3"]);
  });
});
