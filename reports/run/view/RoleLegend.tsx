import type { NodeLane } from "../digest/types.ts";

const words = {
  leader: "leader",
  follower: "follower",
  candidate: "candidate",
  "pre-candidate": "pre-candidate",
  unreachable: "does not answer",
  down: "down",
} as const;

/** Names the fills of role lanes; only those that occur. */
export function RoleLegend({ lanes }: { lanes: readonly NodeLane[] }) {
  const present = new Set(lanes.flatMap((lane) => lane.segments.map((segment) => segment.role)));
  if (present.size === 0) return null;
  return (
    <ul class="legend" aria-label="Roles">
      {Object.entries(words)
        .filter(([role]) => present.has(role as keyof typeof words))
        .map(([role, word]) => (
          <li key={role}>
            <svg width="22" height="12" aria-hidden="true">
              <rect width="22" height="12" class={`role ${role}`} />
            </svg>
            {word}
          </li>
        ))}
    </ul>
  );
}
