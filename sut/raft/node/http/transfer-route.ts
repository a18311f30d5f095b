import { z } from "zod";
import type { TransferOutcome, TransferRefusal } from "../../core/events.ts";
import type { NodeId } from "../../core/types.ts";
import { within } from "./ask.ts";
import { readBody } from "./body.ts";
import { HttpError } from "./http-error.ts";
import { type LeaderAddress, notLeader } from "./not-leader.ts";
import type { Answer, Call, Route } from "./router.ts";

export interface TransferOptions {
  /** `to` null: the voter whose log is furthest. */
  readonly transfer: (to: NodeId | null, answer: (outcome: TransferOutcome) => void) => void;
  readonly timeoutMs: number;
  readonly leaderAddress: LeaderAddress;
}

/** `POST /transfer` hands the leadership over, and answers when another leads: `{leader, term}`. */
export function transferRoute(options: TransferOptions): Route {
  return { method: "POST", path: "/transfer", handle: (call) => transfer(options, call) };
}

const transferSchema = z
  .strictObject(
    { to: z.string({ error: 'expected the id of a voter, such as "n2"' }).nullable().default(null) },
    { error: ({ code }) => (code === "invalid_type" ? 'expected an object, such as {"to": "n2"}' : undefined) },
  )
  .prefault({});

async function transfer(options: TransferOptions, call: Call): Promise<Answer> {
  const { to } = await readBody(call.request, transferSchema);
  const outcome = await within<TransferOutcome>(options.timeoutMs, (resolve) => options.transfer(to, resolve));
  if (outcome.type === "refused") throw refused(outcome.reason, outcome.leader, options.leaderAddress, call);
  if (outcome.type === "timed-out")
    throw new HttpError(504, outcome.type, "the target did not take over in time; is it reachable?");
  const { type, leader, term } = outcome;
  if (type === "superseded") throw new HttpError(409, type, `${leader} was elected instead`);
  return { body: { leader, term } };
}

function refused(reason: TransferRefusal, leader: NodeId | null, addressOf: LeaderAddress, call: Call): HttpError {
  if (reason === "not-leader") return notLeader(leader, addressOf, call);
  const [status, message] = refusals[reason];
  return new HttpError(status, reason, message);
}

const refusals = {
  "already-leader": [409, "it leads already"],
  "unknown-member": [404, "no such member"],
  "not-a-voter": [409, "a learner cannot lead; promote it first"],
  "no-other-voter": [409, "there is no other voter to hand over to"],
  "transfer-in-flight": [409, "the leadership is being handed over to another already"],
} as const satisfies Record<Exclude<TransferRefusal, "not-leader">, readonly [number, string]>;
