import { none } from "../../operations/operation-table.ts";
import { type EdgeSource, edgeTypes } from "../graph.ts";
import { Latecomers, type LateWriters } from "../latecomers.ts";
import type { RegisterHistory } from "./register-history.ts";
import type { Updates } from "./updates.ts";
import type { VersionTimes } from "./version-times.ts";

/**
 * Who comes before whom, as far as the order of versions can be justified: the absent value is before all others, and
 * what a transaction read is before what it then wrote; with `times`, for models that keep to real time, its order too.
 * That a write replaced what its transaction had read needs no edge of its own: there is one for the read.
 */
export function registerEdges(history: RegisterHistory, updates: Updates, times: VersionTimes | null): EdgeSource {
  return (sink) => {
    const latecomers = new Latecomers(lateWriters(history), sink);
    history.eachExternalRead((row, _step, cell, key) => {
      const writer = history.committedWriter(cell);
      if (writer !== none) sink.edge(writer, row, edgeTypes.wr);
      if (history.isAbsent(cell)) latecomers.missedBy(row, key);
      else for (const next of updates.of.get(cell) ?? []) sink.edge(row, next, edgeTypes.rw);
      const next = times?.laterWriter(cell, row) ?? none;
      if (next !== none) sink.edge(row, next, edgeTypes.rwInTime);
    });
  };
}

function lateWriters(history: RegisterHistory): LateWriters {
  return {
    of: (key) => history.writers[key],
    has: (row, key) => history.finalWrite(row, key) !== none,
  };
}
