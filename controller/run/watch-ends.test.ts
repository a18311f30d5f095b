import { expect, test } from "vitest";
import type { ProcessEndRecord } from "../../history/annotations.ts";
import type { ProcessEnd } from "../../hosts/host.ts";
import { InProcessHost } from "../../hosts/in-process/in-process-host.ts";
import { sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { watchEnds } from "./watch-ends.ts";

const crash: ProcessEnd = { node: "n2", agoMs: 100, code: 70, signal: null, lastLine: "panic" };

/** A host whose processes end when the test says so, and that cannot be asked while it is `away`. */
class Host extends InProcessHost {
  away = false;
  readonly ended: ProcessEnd[] = [];

  override async ends(): Promise<readonly ProcessEnd[]> {
    if (this.away) throw new Error("no agent");
    return [...this.ended];
  }
}

test("each end is told once, at the time when it was, with the excuse that its exit code stands for", async () => {
  const clock = new VirtualTime();
  const host = new Host(["n1", "n2"]);
  const told: ProcessEndRecord[] = [];
  await clock.run(async () => {
    await using _watch = watchEnds(host, { excusedExits: { 75: "its disk was full" } }, clock, {
      hear: (end) => told.push(end),
      onProblem: (problem) => expect.fail(problem),
    });
    await sleepMs(clock, 900);
    host.ended.push(crash);
    await sleepMs(clock, 5000);
    host.away = true;
    host.ended.push({ ...crash, code: 75 });
    await sleepMs(clock, 5000);
    host.away = false;
  });
  expect(told).toEqual([
    { node: "n2", code: 70, signal: null, lastLine: "panic", endedNs: 900e6 },
    { node: "n2", code: 75, signal: null, lastLine: "panic", endedNs: 10_800e6, excuse: "its disk was full" },
  ]);
});

test("a host that cannot be asked at the end either leaves it open what ended", async () => {
  const clock = new VirtualTime();
  const host = new Host(["n1"]);
  host.away = true;
  const problems: string[] = [];
  await clock.run(async () => {
    const listener = { hear: () => {}, onProblem: (problem: string) => problems.push(problem) };
    await watchEnds(host, {}, clock, listener)[Symbol.asyncDispose]();
  });
  expect(problems).toEqual([expect.stringContaining("no agent")]);
});
