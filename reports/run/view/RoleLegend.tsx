import type { NodeLane } from "../digest/types.ts";
import { roleFill } from "./roleFill.ts";

/** The usual roles, in this order; a store's own follow. */
const words: Readonly<Record<string, string>> = {
  leader: "leader",
  follower: "follower",
  candidate: "candidate",
  "pre-candidate": "pre-candidate",
  unreachable: "does not answer",
  down: "down",
};
const order = Object.keys(words);
const place = (role: string): number => (order.includes(role) ? order.indexOf(role) : order.length);

/** Names the fills of role lanes; only those that occur. */
export function RoleLegend({ lanes }: { lanes: readonly NodeLane[] }) {
  const fills = new Map(lanes.flatMap(({ segments }) => segments.map((each) => [each.role, roleFill(each)] as const)));
  if (fills.size === 0) return null;
  return (
    <ul class="legend" aria-label="Roles">
      {[...fills]
        .sort(([one], [other]) => place(one) - place(other))
        .map(([role, fill]) => (
          <li key={role}>
            <svg width="22" height="12" aria-hidden="true">
              <rect width="22" height="12" class={`role ${fill}`} />
            </svg>
            {words[role] ?? role}
          </li>
        ))}
    </ul>
  );
}
