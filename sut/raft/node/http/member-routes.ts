import { z } from "zod";
import type { ChangeRefusal, MembershipChange } from "../../core/change-plan.ts";
import type { Membership } from "../../core/types.ts";
import type { ChangeAnswer } from "../driver.ts";
import { refusedWith, within } from "./ask.ts";
import { readBody } from "./body.ts";
import { HttpError } from "./http-error.ts";
import type { LeaderAddress } from "./not-leader.ts";
import type { Answer, Call, Route } from "./router.ts";

export interface MemberOptions {
  readonly status: () => { readonly membership: Membership };
  readonly reconfigure: (change: MembershipChange, answer: (answer: ChangeAnswer) => void) => void;
  readonly timeoutMs: number;
  readonly leaderAddress: LeaderAddress;
}

/** Who the members are, and other ones. A change is answered when it is committed, with the members that it made. */
export function memberRoutes(options: MemberOptions): readonly Route[] {
  const change = (call: Call, wish: MembershipChange) => reconfigure(options, call, wish);
  return [
    { method: "GET", path: "/members", handle: async () => ({ body: options.status().membership }) },
    {
      method: "POST",
      path: "/members",
      handle: async (call) => change(call, await readBody(call.request, changeSchema)),
    },
    { method: "DELETE", path: "/members/ID", handle: (call) => change(call, { type: "remove", node: call.name }) },
    {
      method: "POST",
      path: "/members/ID/promote",
      handle: (call) => change(call, { type: "promote", node: call.name }),
    },
    { method: "POST", path: "/members/ID/demote", handle: (call) => change(call, { type: "demote", node: call.name }) },
  ];
}

/** One more member, or all voters that there shall be from now on. */
const changeSchema = z.union(
  [
    z
      .strictObject({ id: z.string(), role: z.enum(["learner", "voter"]) })
      .transform(({ id, role }): MembershipChange => ({ type: `add-${role}`, node: id })),
    z
      .strictObject({ voters: z.array(z.string()).min(1) })
      .transform(({ voters }): MembershipChange => ({ type: "replace", voters })),
  ],
  { error: 'expected {"id": "n4", "role": "learner"}, with the role voter or learner, or {"voters": ["n1", "n2", …]}' },
);

async function reconfigure(options: MemberOptions, call: Call, change: MembershipChange): Promise<Answer> {
  const answer = await within<ChangeAnswer>(options.timeoutMs, (resolve) => options.reconfigure(change, resolve));
  if (answer.type === "reconfigured") return { body: answer.membership };
  if (answer.type !== "refused") throw refusedWith(answer, options.leaderAddress, call);
  const [status, message] = refusals[answer.reason];
  const about = change.type === "replace" ? "" : `${change.node}: `;
  throw new HttpError(status, answer.reason, about + message);
}

const refusals = {
  "change-in-flight": [409, "another membership change is in progress; wait until it is committed"],
  "not-ready": [503, "the leader has committed nothing in its term yet; try again"],
  "unknown-member": [404, "no such member, or a node whose address this cluster was not started with"],
  "already-member": [409, "the node already has that role"],
  "learner-behind": [409, "the learner has not caught up with the log yet; wait, then promote it"],
  "last-voter": [409, "the last voter cannot leave"],
} as const satisfies Record<ChangeRefusal, readonly [number, string]>;
