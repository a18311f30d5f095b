import type { CheckerLine } from "../digest/types.ts";

/** Why a verdict is unknown and what to do about it, right below it. */
export function Causes({ checkers }: { checkers: readonly CheckerLine[] }) {
  const open = checkers.flatMap(({ name, cause }) => (cause ? [{ name, ...cause }] : []));
  if (open.length === 0) return null;
  return (
    <ul class="causes">
      {open.map(({ name, reached, remedy }) => (
        <li key={name}>
          <strong>{name}</strong> got as far as: {reached}. What to do: {remedy}.
        </li>
      ))}
    </ul>
  );
}
