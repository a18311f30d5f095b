import { type Anomaly, type Dependency, namer } from "../anomaly.ts";
import { orderReason } from "../explain.ts";
import type { TransactionTable } from "../transaction-table.ts";
import type { Cell } from "./cells.ts";
import type { Group } from "./decide.ts";
import { leaves, type Proof } from "./refute.ts";
import type { Refutation } from "./shrink-problem.ts";
import type { Edge } from "./small-graph.ts";

/** More cases than this are counted and not told. */
const maxCases = 4;

/** A refutation as an anomaly: by cases, where it takes both orders of versions to see that none will do. */
export function tellRefutation(
  table: TransactionTable,
  { name, extent }: Cell,
  group: Group,
  { proof, nodes }: Refutation,
): Anomaly {
  const rows = nodes.map((node) => group.rows[node]!);
  const call = namer(rows);
  const row = (node: number): number => group.rows[nodes[node]!]!;
  const why = (edge: Edge): string => {
    if (edge.type === "so") return orderReason(table, row(edge.from), row(edge.to), extent, call) ?? "";
    return group.why({ ...edge, from: nodes[edge.from]!, to: nodes[edge.to]! }, call);
  };
  const walk = (edges: readonly Edge[]): string => edges.map(why).join("; ");
  const tell = (step: Proof, assumed: readonly string[]): string[] => {
    if ("walk" in step) return [`${assumed.length === 0 ? "" : `if ${assumed.join(" and ")}: `}${walk(step.walk)}`];
    const { key, a, b } = step.choice;
    const [first, second] = [group.version(key, a), group.version(key, b)];
    const held = (one: string, other: string): string => `${group.key(key)} held ${one} before ${other}`;
    return [
      ...tell(step.ifAFirst, [...assumed, held(first, second)]),
      ...tell(step.ifBFirst, [...assumed, held(second, first)]),
    ];
  };
  const cases = tell(proof, []);
  const more = cases.length > maxCases ? `; and ${cases.length - maxCases} cases more` : "";
  const sentence =
    cases.length === 1
      ? `${cases[0]}: so none of them can have been first`
      : `no order of the writes explains the reads: ${cases.slice(0, maxCases).join("; ")}${more}`;
  const orders = unique(
    leaves(proof)
      .flat()
      .filter((edge) => !edge.assumed),
  ).map((edge): Dependency => {
    return {
      type: edge.type === "so" ? (extent === "process" ? "process" : "realtime") : edge.type,
      before: table.invokedAt[row(edge.from)]!,
      after: table.invokedAt[row(edge.to)]!,
      why: why(edge),
    };
  });
  return { name, rows: rows.toSorted((a, b) => a - b), sentence, orders };
}

function unique(edges: readonly Edge[]): Edge[] {
  const identity = ({ from, to, type, key }: Edge): string => `${from} ${to} ${type} ${key}`;
  return [...new Map(edges.map((edge) => [identity(edge), edge])).values()];
}
