import { setTimeout as sleep } from "node:timers/promises";
import type { HttpRequest, HttpTarget } from "../../sut/raft/client/http.ts";
import { HttpRefusal, type RaftStatus, raftStatus } from "../../sut/raft/client/status.ts";
import { callNode, type NodeAnswer } from "./call-node.ts";

/** How long a leader is waited for; an election takes a second or two. */
const leaderPatienceMs = 5000;
const statusPatienceMs = 1000;
/** Longer than a node waits for the cluster by default, so that its own word is heard. */
const answerPatienceMs = 8000;
const pauseMs = 100;

/** Asks the node that leads, waiting for one a while; `node` asks that node instead. */
export async function askCluster(
  targets: readonly HttpTarget[],
  request: HttpRequest,
  node?: string,
): Promise<NodeAnswer> {
  for (const deadline = performance.now() + leaderPatienceMs; ; ) {
    const { found, refused } = await look(targets);
    if (found.length === 0) return refused ?? notSent(`no node answers; asked ${addressesOf(targets)}`);
    const target = node === undefined ? leaderAmong(found) : found.find(({ status }) => status.id === node);
    const answer = target === undefined ? nobody(found, node) : await callNode(target.http, request, answerPatienceMs);
    if (!mayTryAgain(answer) || performance.now() >= deadline) return answer;
    await sleep(pauseMs);
  }
}

interface Found {
  readonly http: HttpTarget;
  readonly status: RaftStatus;
}

/** The nodes that answer, and why one of them rejects us, if one does. */
async function look(
  targets: readonly HttpTarget[],
): Promise<{ readonly found: readonly Found[]; readonly refused: NodeAnswer | undefined }> {
  const looks = targets.map(async (http) => ({ http, status: await raftStatus(http, statusPatienceMs) }));
  const settled = await Promise.allSettled(looks);
  const refusal = settled.map((one) => (one.status === "rejected" ? one.reason : null)).find(isRefusal);
  return {
    found: settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    refused: refusal && { type: "answered", ok: false, code: refusal.code, message: refusal.message },
  };
}

function isRefusal(reason: unknown): reason is HttpRefusal {
  return reason instanceof HttpRefusal;
}

function addressesOf(targets: readonly HttpTarget[]): string {
  return targets.map(({ address }) => address).join(", ");
}

/** Of several that claim to lead, the one of the newest term. */
function leaderAmong(found: readonly Found[]): Found | undefined {
  const leaders = found.filter(({ status }) => status.role === "leader");
  return leaders.sort((one, other) => other.status.term - one.status.term)[0];
}

function nobody(found: readonly Found[], node: string | undefined): NodeAnswer {
  const answering = found.map(({ status }) => status.id).join(", ");
  return notSent(
    `${node === undefined ? "there is no leader at the moment" : `no node ${node} answers`}; ${answering} answered`,
  );
}

function notSent(message: string): NodeAnswer {
  return { type: "not-sent", ok: false, message };
}

const soonOver = new Set(["no-leader", "not-ready", "transferring", "overloaded"]);

/** Only what certainly had no effect. */
function mayTryAgain(answer: NodeAnswer): boolean {
  if (answer.type === "answered") return !answer.ok && soonOver.has(answer.code);
  return answer.type === "not-sent";
}
