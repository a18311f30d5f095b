import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { HostNode } from "../../controller/hosts/host.ts";
import type { Administration, Answered, Members, MembershipChange } from "../system.ts";
import type { ChangeRefusal } from "./core/change-plan.ts";
import { httpAddress, membershipSchema, type RaftStatus, raftStatus } from "./status.ts";

/** What the Raft store's operators ask of it, over its HTTP API. */
export const administration: Administration = {
  members: async (cluster, timeoutMs) => membersOf((await leaderStatus(cluster, timeoutMs)).membership),

  changeMembers: async (cluster, change, timeoutMs) => {
    const startedMs = performance.now();
    const answer = await askPatiently(cluster, requestFor(change), timeoutMs);
    if (!answer.accepted) return refused(answer);
    const { voters, learners } = membersOf(membershipSchema.parse(answer.body));
    const others = learners.length === 0 ? "" : `, learners ${learners.join(" ")}`;
    return done(`${described(change)}: voters ${voters.join(" ")}${others}`, startedMs);
  },

  transferLeadership: async (cluster, to, timeoutMs) => {
    const startedMs = performance.now();
    const answer = await askLeader(cluster, { method: "POST", path: "/transfer", body: { to } }, timeoutMs);
    if (!answer.accepted) return refused(answer);
    const { id, term } = await leaderStatus(cluster, timeoutMs);
    if (id !== to) return { done: false, observation: `${id} leads term ${term}, and not ${to}` };
    return done(`${to} leads term ${term}`, startedMs);
  },
};

interface AdminRequest {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

function requestFor(change: MembershipChange): AdminRequest {
  switch (change.type) {
    case "add-learner":
      return { method: "POST", path: "/members", body: { id: change.node, role: "learner" } };
    case "promote":
      return { method: "POST", path: `/members/${change.node}/promote` };
    case "remove":
      return { method: "DELETE", path: `/members/${change.node}` };
    case "voters":
      return { method: "POST", path: "/members", body: { voters: change.voters } };
  }
}

function described(change: MembershipChange): string {
  if (change.type === "voters") return "all voters replaced";
  return { "add-learner": "added as learner", promote: "promoted", remove: "removed" }[change.type];
}

function done(what: string, startedMs: number): Answered {
  return { done: true, observation: `${what}, after ${Math.round(performance.now() - startedMs)} ms` };
}

/** What a leader answered: what it did, or its reason for not doing it. */
type LeaderAnswer =
  | { readonly accepted: true; readonly body: unknown }
  | { readonly accepted: false; readonly leader: string; readonly code: string; readonly message: string };

function refused({ leader, code, message }: Extract<LeaderAnswer, { accepted: false }>): Answered {
  return { done: false, observation: `${leader} answered ${code}: ${message}` };
}

/** Reasons that pass by themselves: an operator waits a moment, and asks again. */
const passingReasons: readonly string[] = ["learner-behind", "change-in-flight", "not-ready"] satisfies ChangeRefusal[];
const againMs = 100;

async function askPatiently(cluster: readonly HostNode[], request: AdminRequest, timeoutMs: number) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await askLeader(cluster, request, deadline - performance.now());
    const isPassing = !answer.accepted && passingReasons.includes(answer.code);
    if (!isPassing || performance.now() + againMs >= deadline) return answer;
    await sleep(againMs);
  }
}

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Rejects when no leader could be asked, or when it did not answer in time. */
async function askLeader(
  cluster: readonly HostNode[],
  { method, path, body }: AdminRequest,
  timeoutMs: number,
): Promise<LeaderAnswer> {
  const { id: leader } = await leaderStatus(cluster, timeoutMs);
  const address = httpAddress(cluster.find((node) => node.id === leader)!);
  const response = await fetch(`http://${address}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs))),
  });
  const answer: unknown = await response.json();
  if (response.ok) return { accepted: true, body: answer };
  return { accepted: false, leader, ...refusalSchema.parse(answer).error };
}

/** What the leader says of itself: of several that claim to lead, the one of the newest term. Rejects when none does. */
async function leaderStatus(cluster: readonly HostNode[], timeoutMs: number): Promise<RaftStatus> {
  const answers = await Promise.allSettled(
    cluster.map((node) => raftStatus(httpAddress(node), Math.min(timeoutMs, statusMs))),
  );
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
