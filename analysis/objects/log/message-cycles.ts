import { findCycles } from "../../transactions/cycles.ts";
import { buildGraph, edgeTypes } from "../../transactions/graph.ts";
import type { LogOperation, Polled } from "./log-history.ts";
import { identity, messagesPolled } from "./partitions.ts";

/** Operation i polled `message`, which operation i + 1 sent; the last polled one of the first. */
export type MessageCycle = readonly Polled[];

/** Operations that each polled a message of the next, the last one of the first: none can have come first (Adya's G1c). */
export function messageCycles(operations: readonly LogOperation[]): readonly MessageCycle[] {
  const senders = new Map<string, number>();
  for (const [row, { sent }] of operations.entries()) {
    for (const message of sent) senders.set(identity(message), row);
  }
  const messages = new Map<string, Polled>();
  for (const [row, operation] of operations.entries()) {
    for (const message of messagesPolled(operation)) {
      const sender = senders.get(identity(message));
      if (sender !== undefined && sender !== row) messages.set(`${row} ${sender}`, message);
    }
  }
  const edges = [...messages.keys()].map((edge) => edge.split(" ").map(Number) as [number, number]);
  const graph = buildGraph(operations.length, [
    (sink) => {
      for (const [from, to] of edges) sink.edge(from, to, edgeTypes.ww);
    },
  ]);
  return findCycles(graph, "data").cycles.map(({ rows }) =>
    rows.map((row, at) => messages.get(`${row} ${rows[(at + 1) % rows.length]}`)!),
  );
}
