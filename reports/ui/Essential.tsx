import type { ComponentChildren } from "preact";

/** One of the few numbers below a verdict, with what it counts and a detail. */
export function Essential({ label, value, children }: { label: string; value: string; children?: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span class="figure">{value}</span>
        <span class="detail">{children}</span>
      </dd>
    </div>
  );
}
