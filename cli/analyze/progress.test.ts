import { expect, test } from "vitest";
import { sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { redrawnLine } from "../status-line.ts";
import { EmulatedTerminal } from "../ui/test-support/emulated-terminal.ts";
import { analysisProgress } from "./progress.ts";

test.each([60, 100])("at %i columns, the stage, the events read in it and the time so far", async (columns) => {
  const terminal = new EmulatedTerminal(columns, 20);
  const time = new VirtualTime();
  using status = redrawnLine(terminal, time, "q stops and reports what is decided so far");
  const hear = analysisProgress(status, time);
  hear({ stage: "reading the history", events: 0 });
  expect((await terminal.lines())[0]).toBe("reading the history, 0ms");
  await time.run(() => sleepMs(time, 1500));
  hear({ stage: "reading the history", events: 1_250_000 });
  await time.run(() => sleepMs(time, 600));
  expect(await terminal.lines()).toEqual([
    "reading the history, 1,250,000 events read, 2s",
    "q stops and reports what is decided so far",
  ]);
  hear({ stage: "checking register", events: 0 });
  expect((await terminal.lines())[0]).toBe("checking register, 2.1s");
});
