import type { Clock } from "../../../time/clock.ts";
import type { MembershipChange as WantedChange } from "../../administration.ts";
import type { Access, Wish, WishAnswer } from "../client/administration.ts";
import type { RaftStatus } from "../client/status.ts";
import type { MembershipChange } from "../core/change-plan.ts";
import type { TransferOutcome } from "../core/events.ts";
import type { AssembledNode } from "../node/assemble.ts";
import type { ChangeAnswer } from "../node/driver.ts";
import type { RaftNode } from "../ports.ts";
import type { Cluster } from "./cluster.ts";
import type { Machine } from "./machine.ts";

/** How an operator, and the observer, reach the nodes of a simulated cluster. */
export function simulatedAccess(cluster: Cluster, clock: Clock): Access {
  return {
    clock,
    status: (node, timeoutMs) =>
      call<RaftStatus>(cluster, node, timeoutMs, (assembled, answer) =>
        answer(statusOf(assembled, cluster.machine(node.id))),
      ),
    ask: (node, wish, timeoutMs) =>
      call<WishAnswer>(cluster, node, timeoutMs, (assembled, answer) => ask(assembled, wish, answer)),
  };
}

async function call<Answer>(
  cluster: Cluster,
  { id }: RaftNode,
  timeoutMs: number,
  deed: (node: AssembledNode, answer: (answer: Answer) => void) => void,
): Promise<Answer> {
  const called = await cluster.caller.call(cluster.machine(id), timeoutMs, deed);
  if (called.type === "answered") return called.answer;
  throw new Error(`${id} gave no answer within ${timeoutMs} ms: ${called.type}`);
}

function statusOf({ state }: AssembledNode, { clock }: Machine): RaftStatus {
  const { config, role, term, leader, commitIndex, lastApplied, log, snapshot } = state;
  return {
    ...{ id: config.id, role, term, leader, commitIndex, lastApplied },
    lastLogIndex: log.lastIndex,
    snapshotIndex: snapshot?.index ?? 0,
    membership: {
      incoming: [...log.membership.incoming],
      outgoing: [...log.membership.outgoing],
      learners: [...log.membership.learners],
    },
    clock,
  };
}

function ask({ driver }: AssembledNode, wish: Wish, answer: (answer: WishAnswer) => void): void {
  if ("change" in wish) driver.reconfigure(inWordsOfTheCore(wish.change), (outcome) => answer(ofChange(outcome)));
  else driver.transfer(wish.transferTo, (outcome) => answer(ofTransfer(outcome)));
}

function inWordsOfTheCore(change: WantedChange): MembershipChange {
  return change.type === "voters" ? { type: "replace", voters: change.voters } : change;
}

function ofChange(outcome: ChangeAnswer): WishAnswer {
  if (outcome.type === "reconfigured") {
    const { incoming, outgoing, learners } = outcome.membership;
    const membership = { incoming: [...incoming], outgoing: [...outgoing], learners: [...learners] };
    return { accepted: true, membership };
  }
  return no(outcome.type === "refused" ? outcome.reason : outcome.type);
}

function ofTransfer(outcome: TransferOutcome): WishAnswer {
  if (outcome.type === "done") return { accepted: true, membership: null };
  return no(outcome.type === "refused" ? outcome.reason : outcome.type);
}

function no(code: string): WishAnswer {
  return { accepted: false, code, message: "the members and the leader are what they were" };
}
