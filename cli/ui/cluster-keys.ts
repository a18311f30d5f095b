import { keyActions } from "../cluster/keys.ts";

/** What a key asks for, with one of some nodes selected. */
export type ClusterKey =
  | { readonly type: "quit" }
  | { readonly type: "select"; readonly place: number }
  | { readonly type: "act"; readonly key: string }
  | { readonly type: "nothing" };

export function clusterKey(key: string, selected: number, nodes: number): ClusterKey {
  if (key === "q" || key === "ctrl-c") return { type: "quit" };
  if (key === "up") return { type: "select", place: (selected + nodes - 1) % nodes };
  if (key === "down") return { type: "select", place: (selected + 1) % nodes };
  const number = Number.parseInt(key, 10);
  if (number >= 1 && number <= nodes) return { type: "select", place: number - 1 };
  return keyActions.some((action) => action.key === key) ? { type: "act", key } : { type: "nothing" };
}
