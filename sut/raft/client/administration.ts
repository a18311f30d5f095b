import { type Clock, nowMs, sleepMs, wallClock } from "../../../time/clock.ts";
import type { Administration, Answered, Members, MembershipChange } from "../../administration.ts";
import type { ChangeRefusal } from "../core/change-plan.ts";
import type { RaftNode } from "../ports.ts";
import { askOverHttp, type HttpRequest, httpTarget } from "./http.ts";
import { membershipSchema, type RaftStatus, raftStatus, refusalSchema } from "./status.ts";

/** How an operator reaches single nodes, and waits. */
export interface Access {
  readonly clock: Clock;
  /** A node's word of itself. Rejects when it does not answer in time. */
  status(node: RaftNode, timeoutMs: number): Promise<RaftStatus>;
  /** Asks a leader for something, and waits until that is done. Rejects when it does not answer in time. */
  ask(node: RaftNode, wish: Wish, timeoutMs: number): Promise<WishAnswer>;
}

/** What a leader may be asked for: other members, or to hand over to another. */
export type Wish = { readonly change: MembershipChange } | { readonly transferTo: string };

export type WishAnswer =
  | { readonly accepted: true; readonly membership: Membership | null }
  | { readonly accepted: false; readonly code: string; readonly message: string };

type Membership = RaftStatus["membership"];

/** What the Raft store's operators ask of it. */
export function administrationOver(access: Access): Required<Administration> {
  const { clock } = access;
  const done = (what: string, startedMs: number): Answered => ({
    done: true,
    observation: `${what}, after ${Math.round(nowMs(clock) - startedMs)} ms`,
  });
  return {
    members: async (cluster, timeoutMs) => membersOf((await leaderStatus(access, cluster, timeoutMs)).membership),

    changeMembers: async (cluster, change, timeoutMs) => {
      const startedMs = nowMs(clock);
      const answer = await askPatiently(access, cluster, { change }, timeoutMs);
      if (!answer.accepted) return refused(answer);
      const { voters, learners } = membersOf(answer.membership!);
      const others = learners.length === 0 ? "" : `, learners ${learners.join(" ")}`;
      return done(`${described(change)}: voters ${voters.join(" ")}${others}`, startedMs);
    },

    transferLeadership: async (cluster, to, timeoutMs) => {
      const startedMs = nowMs(clock);
      const answer = await askLeader(access, cluster, { transferTo: to }, timeoutMs);
      if (!answer.accepted) return refused(answer);
      const { id, term } = await leaderStatus(access, cluster, timeoutMs);
      if (id !== to) return { done: false, observation: `${id} leads term ${term}, and not ${to}` };
      return done(`${to} leads term ${term}`, startedMs);
    },
  };
}

/** Over the HTTP API of real nodes. */
export const administration: Required<Administration> = administrationOver({
  clock: wallClock(),
  status: (node, timeoutMs) => raftStatus(httpTarget(node), timeoutMs),
  ask: async (node, wish, timeoutMs) => {
    const response = await askOverHttp(httpTarget(node), requestFor(wish), timeoutMs);
    const answer: unknown = await response.json();
    if (!response.ok) return { accepted: false, ...refusalSchema.parse(answer).error };
    return { accepted: true, membership: "change" in wish ? membershipSchema.parse(answer) : null };
  },
});

function requestFor(wish: Wish): HttpRequest {
  if ("transferTo" in wish) return { method: "POST", path: "/transfer", body: JSON.stringify({ to: wish.transferTo }) };
  const { change } = wish;
  switch (change.type) {
    case "add-learner":
      return { method: "POST", path: "/members", body: JSON.stringify({ id: change.node, role: "learner" }) };
    case "promote":
      return { method: "POST", path: `/members/${change.node}/promote` };
    case "remove":
      return { method: "DELETE", path: `/members/${change.node}` };
    case "voters":
      return { method: "POST", path: "/members", body: JSON.stringify({ voters: change.voters }) };
  }
}

function described(change: MembershipChange): string {
  if (change.type === "voters") return "all voters replaced";
  return { "add-learner": "added as learner", promote: "promoted", remove: "removed" }[change.type];
}

/** What a leader answered: what it did, or its reason for not doing it. */
type LeaderAnswer = WishAnswer & { readonly leader: string };

function refused({ leader, code, message }: LeaderAnswer & { accepted: false }): Answered {
  return { done: false, observation: `${leader} answered ${code}: ${message}` };
}

/** Reasons that pass by themselves: an operator waits a moment, and asks again. */
const passingReasons: readonly string[] = ["learner-behind", "change-in-flight", "not-ready"] satisfies ChangeRefusal[];
const againMs = 100;

async function askPatiently(
  access: Access,
  cluster: readonly RaftNode[],
  wish: Wish,
  timeoutMs: number,
): Promise<LeaderAnswer> {
  const { clock } = access;
  const deadlineMs = nowMs(clock) + timeoutMs;
  for (;;) {
    const answer = await askLeader(access, cluster, wish, deadlineMs - nowMs(clock));
    const isPassing = !answer.accepted && passingReasons.includes(answer.code);
    if (!isPassing || nowMs(clock) + againMs >= deadlineMs) return answer;
    await sleepMs(clock, againMs);
  }
}

/** Rejects when no leader could be asked, or when it did not answer in time. */
async function askLeader(
  access: Access,
  cluster: readonly RaftNode[],
  wish: Wish,
  timeoutMs: number,
): Promise<LeaderAnswer> {
  const { id: leader } = await leaderStatus(access, cluster, timeoutMs);
  return { ...(await access.ask(cluster.find((node) => node.id === leader)!, wish, timeoutMs)), leader };
}

/** What the leader says of itself: of several that claim to lead, the one of the newest term. Rejects when none does. */
async function leaderStatus(access: Access, cluster: readonly RaftNode[], timeoutMs: number): Promise<RaftStatus> {
  const looks = cluster.map((node) => access.status(node, Math.min(timeoutMs, statusMs)));
  const answers = await Promise.allSettled(looks);
  const leaders = answers.flatMap((answer) =>
    answer.status === "fulfilled" && answer.value.role === "leader" ? [answer.value] : [],
  );
  const newest = leaders.sort((one, other) => other.term - one.term)[0];
  if (newest === undefined) throw new Error("no node says that it leads");
  return newest;
}

/** A node that is up answers within milliseconds; a leader that is paused is none to ask. */
const statusMs = 400;

function membersOf({ incoming, outgoing, learners }: RaftStatus["membership"]): Members {
  return { voters: [...new Set([...incoming, ...outgoing])], learners };
}
