import type { ComponentType } from "preact";

/** The view of each kind of report, by the path of its module: a new folder with a view is found here by itself. */
const views = import.meta.glob<{ readonly default: ComponentType<{ digest: unknown }> }>("../*/view/index.tsx", {
  eager: true,
});

export function viewOf(kind: string): ComponentType<{ digest: unknown }> {
  return views[`../${kind}/view/index.tsx`]!.default;
}
