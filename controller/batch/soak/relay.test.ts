import { expect, test } from "vitest";
import type { HistoryEvent } from "../../../history/event.ts";
import type { Clock } from "../../../time/clock.ts";
import { openRecording } from "../../run/recording.ts";
import { relayBeside } from "./relay.ts";

const clock: Clock = { nowNs: () => 100, after: () => () => {}, soon: () => {} };

function recording() {
  const events: HistoryEvent[] = [];
  const sink = {
    write: (event: HistoryEvent) => events.push(event),
    flush: () => {},
    lost: new AbortController().signal,
  };
  return {
    ...openRecording(
      clock,
      sink,
      () => {},
      () => {},
    ),
    events,
  };
}
const end = { process: "controller", type: "info", f: "process-end", value: { node: "n1", endedNs: 90 } } as const;
const look = { process: "observer", type: "info", f: "node", value: { node: "n1", role: "up" } } as const;

test("what is seen of the cluster goes to the segment that is under way, by its own time; phases stay", () => {
  const [between, segment] = [recording(), recording()];
  const relay = relayBeside(between);
  relay.record(look);
  {
    using _relayed = relay.to(segment, 60);
    relay.record(look);
    relay.record(end);
    relay.phase({ phase: "stop" });
  }
  relay.record(end);
  expect(segment.events.map(({ f, value }) => [f, (value as { endedNs?: number }).endedNs])).toEqual([
    ["node", undefined],
    ["process-end", 30],
  ]);
  expect(between.events.map(({ f, value }) => [f, (value as { endedNs?: number }).endedNs])).toEqual([
    ["node", undefined],
    ["phase", undefined],
    ["process-end", 90],
  ]);
});
