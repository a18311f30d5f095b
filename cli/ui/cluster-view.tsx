import { Box, Text, useInput } from "ink";
import { type ReactNode, useRef, useState } from "react";
import { roleAmongMembers } from "../cluster/describe.ts";
import { keyDeeds } from "../cluster/keys.ts";
import type { NodeView } from "../cluster/local-cluster.ts";

interface ClusterViewProps {
  readonly title: string;
  readonly nodes: readonly NodeView[];
  /** What came of the last deed. */
  readonly message: string;
  readonly onDeed: (key: string, node: string) => void;
  readonly onQuit: () => void;
}

/** A running cluster: a row a node, one of them selected, and the keys that do something to it. */
export function ClusterView({ title, nodes, message, onDeed, onQuit }: ClusterViewProps): ReactNode {
  const [selected, select] = useSelection();
  const move = (steps: number) => select((selected.current + steps + nodes.length) % Math.max(1, nodes.length));
  useInput((input, key) => {
    if ((key.ctrl && input === "c") || input === "q") return onQuit();
    if (key.upArrow) return move(-1);
    if (key.downArrow) return move(1);
    // Keys that were pressed fast arrive as one input.
    for (const character of input) press(character);
  });
  const press = (character: string) => {
    const number = Number.parseInt(character, 10);
    if (number >= 1 && number <= nodes.length) return select(number - 1);
    const node = nodes[selected.current];
    if (node !== undefined && keyDeeds.some((deed) => deed.key === character)) onDeed(character, node.id);
  };
  return (
    <Box flexDirection="column">
      <Text bold>{title}</Text>
      <Box>
        <Cells cells={["", "", ...columns.map(({ name }) => name)]} dimColor />
      </Box>
      {nodes.map((node, place) => (
        <NodeRow key={node.id} node={node} number={place + 1} selected={place === selected.current} />
      ))}
      <Text dimColor>{helpLine(nodes.length)}</Text>
      <Text color="yellow">{message === "" ? " " : message}</Text>
    </Box>
  );
}

/** A ref, as keys come faster than frames: `2k` kills the second node. */
function useSelection(): [selected: { readonly current: number }, select: (place: number) => void] {
  const selected = useRef(0);
  const [, redraw] = useState(0);
  const select = (place: number) => {
    selected.current = place;
    redraw(place);
  };
  return [selected, select];
}

interface Column {
  readonly name: string;
  readonly width: number;
  readonly of: (node: NodeView) => string;
}

const columns: readonly Column[] = [
  { name: "node", width: 6, of: ({ id }) => id },
  { name: "state", width: 8, of: ({ state }) => state },
  { name: "role", width: 14, of: ({ status }) => (status === null ? "" : roleAmongMembers(status)) },
  { name: "term", width: 6, of: ({ status }) => shown(status?.term) },
  { name: "leader", width: 8, of: ({ status }) => status?.leader ?? "" },
  { name: "last", width: 9, of: ({ status }) => shown(status?.lastLogIndex) },
  { name: "commit", width: 9, of: ({ status }) => shown(status?.commitIndex) },
  { name: "applied", width: 9, of: ({ status }) => shown(status?.lastApplied) },
  { name: "snapshot", width: 10, of: ({ status }) => shown(status?.snapshotIndex) },
  { name: "http", width: 22, of: ({ http }) => http },
];
const widths = [2, 3, ...columns.map(({ width }) => width)];

function NodeRow(props: { readonly node: NodeView; readonly number: number; readonly selected: boolean }): ReactNode {
  const { node, number, selected } = props;
  const cells = [selected ? "›" : "", String(number), ...columns.map(({ of }) => of(node))];
  return (
    <Box>
      <Cells cells={cells} {...styleOf(node)} inverse={selected} />
    </Box>
  );
}

interface Style {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

function Cells({ cells, ...style }: { readonly cells: readonly string[] } & Style): ReactNode {
  return <Text {...style}>{cells.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join("")}</Text>;
}

function styleOf({ state, status }: NodeView): Style {
  if (state === "killed" || state === "ended") return { color: "red" };
  if (state === "paused" || state === "silent") return { color: "yellow" };
  if (status?.role === "leader") return { color: "green", bold: true };
  if (status?.role !== "follower") return { color: "yellow" };
  return roleAmongMembers(status) === "spare" ? { dimColor: true } : {};
}

function shown(index: number | undefined): string {
  return index === undefined ? "" : String(index);
}

function helpLine(nodes: number): string {
  const deeds = keyDeeds.map(({ key, label }) => `${key} ${label}`).join("   ");
  return `1-${nodes} or arrows select   ${deeds}   q quit`;
}
