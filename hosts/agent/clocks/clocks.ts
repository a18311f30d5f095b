import { renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Evidence } from "../../../history/annotations.ts";
import { type ExpectedClock, judgeClock } from "../../clocks/evidence.ts";
import { asFaketime, catchUpLine, type Line, offsetAt, trueTime } from "../../clocks/line.ts";
import type { ClockCourse, SettableClocks } from "../../host.ts";
import type { Processes } from "../processes.ts";
import type { Request } from "../protocol.ts";
import { preloadEnvironment } from "./preload.ts";
import { probeClocks } from "./probe.ts";
import { whyUnaffected } from "./unaffected.ts";

/** The clock of a node's processes: libfaketime reads it from a file at every call. */
interface NodeClock {
  readonly file: string;
  readonly settable: SettableClocks;
  readonly environment: Readonly<Record<string, string>>;
  /** When the process that runs now began to count, within the few milliseconds that its start took. */
  startedMs: number;
  line: Line;
  strobe: NodeJS.Timeout | null;
}

/**
 * The clocks of node processes that were started under libfaketime. A process that starts again while its clock is off
 * has the same clock. The machine's own clock is never touched.
 */
export class Clocks {
  readonly #processes: Processes;
  readonly #nodes = new Map<string, NodeClock>();
  readonly #stopped = new AbortController();

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** Starts a node's process, under libfaketime where its clocks are to be settable. */
  async start(request: Request<"start">): Promise<Evidence> {
    const { node, clocks, log } = request;
    if (clocks === undefined) {
      if (request.name === undefined) this.#forget(node);
      return this.#processes.start(request);
    }
    const clock = this.#prepare(node, clocks, join(dirname(log), `${node}.clock`));
    const started = await this.#processes.start({ ...request, env: { ...request.env, ...clock.environment } });
    clock.startedMs = performance.now();
    write(clock, clock.line);
    return started;
  }

  /** Sets the wall clock alone. */
  async setWall(node: string, course: ClockCourse): Promise<Evidence> {
    const clock = this.#settable(node, "wall");
    this.#stopStrobe(clock);
    const nowMs = performance.now();
    if (course.type === "drift") set(clock, { sinceMs: nowMs, offsetMs: 0, rate: course.rate });
    else set(clock, { sinceMs: nowMs, offsetMs: course.offsetMs, rate: 1 });
    if (course.type === "strobe") clock.strobe = startStrobe(clock, course.everyMs);
    return this.#observe(node, clock, course);
  }

  async restoreWall(node: string): Promise<Evidence> {
    const clock = this.#settable(node, "wall");
    this.#stopStrobe(clock);
    set(clock, trueTime);
    return this.#observe(node, clock, { type: "true" });
  }

  /** Sets the rate of the wall clock and the monotonic clock, from what they show: one that catches up does not jump. */
  async setRate(node: string, rate: number): Promise<Evidence> {
    const clock = this.#settable(node, "both");
    const sinceMs = performance.now();
    set(clock, { sinceMs, offsetMs: offsetAt(clock.line, sinceMs), rate });
    return this.#observe(node, clock, { type: "monotonic-drift", rate });
  }

  /** Lets a clock that drifted come back to the true time, and waits until it has. */
  async catchUp(node: string): Promise<Evidence> {
    const clock = this.#settable(node, "both");
    const { line, takesMs } = catchUpLine(clock.line, performance.now());
    set(clock, line);
    await sleep(takesMs, undefined, { signal: this.#stopped.signal }).catch(() => {});
    if (clock.line === line) set(clock, trueTime); // another fault may have set it meanwhile
    return this.#observe(node, clock, { type: "true" });
  }

  /** Ends all waiting, as the processes end: from now on nothing is observed. */
  stop(): void {
    this.#stopped.abort();
    for (const clock of this.#nodes.values()) this.#stopStrobe(clock);
  }

  #prepare(node: string, settable: SettableClocks, file: string): NodeClock {
    const known = this.#nodes.get(node);
    const startedMs = performance.now();
    if (known?.settable === settable) {
      known.startedMs = startedMs;
      write(known, known.line);
      return known;
    }
    const environment = preloadEnvironment(file, settable);
    const clock: NodeClock = { file, settable, environment, startedMs, line: trueTime, strobe: null };
    this.#forget(node);
    this.#nodes.set(node, clock);
    write(clock, trueTime);
    return clock;
  }

  #settable(node: string, clocks: SettableClocks): NodeClock {
    const clock = this.#nodes.get(node);
    if (clock?.settable === clocks) return clock;
    const which = clocks === "wall" ? "wall clock alone" : "monotonic clock";
    throw new Error(`the process of ${node} was not started so that its ${which} can be set`);
  }

  /** What another process reads under the same preload, and whether the node's own does read its clock there. */
  async #observe(node: string, clock: NodeClock, expected: ExpectedClock): Promise<Evidence> {
    const { pid } = await this.#processes.state(node);
    if (this.#stopped.signal.aborted)
      return { subject: node, observation: "the agent is shutting down", proves: false };
    if (pid === undefined) {
      return { subject: node, observation: "no process whose clock could be set", proves: expected.type === "true" };
    }
    const { observation, proves } = judgeClock(expected, await probeClocks(clock.environment));
    const unaffected = await whyUnaffected(pid); // after the probe: a process that has just started is loading libraries
    if (unaffected !== null) return { subject: node, observation: unaffected, proves: expected.type === "true" };
    return { subject: node, observation: `${observation}, by a probe beside pid ${pid}`, proves };
  }

  #forget(node: string): void {
    const known = this.#nodes.get(node);
    if (known !== undefined) this.#stopStrobe(known);
    this.#nodes.delete(node);
  }

  #stopStrobe(clock: NodeClock): void {
    if (clock.strobe !== null) clearInterval(clock.strobe);
    clock.strobe = null;
  }
}

function startStrobe(clock: NodeClock, everyMs: number): NodeJS.Timeout {
  let isAway = true;
  return setInterval(() => {
    isAway = !isAway;
    write(clock, isAway ? clock.line : trueTime);
  }, everyMs);
}

function set(clock: NodeClock, line: Line): void {
  clock.line = line;
  write(clock, line);
}

/** Replaces the file in one step: a process may read it at any moment. */
function write({ file, startedMs }: NodeClock, line: Line): void {
  writeFileSync(`${file}.new`, asFaketime(line, startedMs));
  renameSync(`${file}.new`, file);
}
