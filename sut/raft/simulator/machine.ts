import { createHash } from "node:crypto";
import type { Logger, SerializedError } from "pino";
import { pino } from "pino";
import type { NodeClock, ProcessEnd } from "../../../hosts/host.ts";
import type { RandomStream } from "../../../random/stream.ts";
import type { Clock } from "../../../time/clock.ts";
import { nowMs, nsPerMs } from "../../../time/clock.ts";
import type { NodeId } from "../core/types.ts";
import type { Conduct } from "../mutants/registry.ts";
import { type AssembledNode, assembleNode, type FatalReason, type NodeWatch, reasonOf } from "../node/assemble.ts";
import type { NodeConfig } from "../node/config.ts";
import { exitCodes } from "../node/exit-codes.ts";
import type { NodeMetrics } from "../node/metrics.ts";
import { openNodeTrace } from "../node/trace.ts";
import { ClockFaults } from "./clock-faults.ts";
import { recoverCopy } from "./disk/recover-copy.ts";
import type { PowerLoss, SimulatedDisk } from "./disk/simulated-disk.ts";
import type { Edge, PeerMessage } from "./edge.ts";
import { openSimulatedLinks } from "./links.ts";
import { type Skew, VirtualProcess } from "./process.ts";
import type { TimeOfDay } from "./time-of-day.ts";
import { type ClusterWatch, watchedStep } from "./watch.ts";

export interface MachineOptions {
  readonly id: NodeId;
  readonly time: Clock;
  readonly skew: Skew;
  readonly disk: SimulatedDisk;
  /** A killed process takes the machine's power with it, mostly: what one left unsynced is then lost with a later one. */
  readonly losesUnsynced: boolean;
  readonly random: () => number;
  /** Draws which kills are losses of power. */
  readonly kills: RandomStream;
  /** Draws when the disk is copied, and what a power loss would leave of the copy. */
  readonly copies: RandomStream;
  readonly conduct: Conduct;
  readonly timeOfDay: TimeOfDay;
  readonly edgeTo: (to: NodeId) => Edge;
  readonly watch: ClusterWatch;
  /** The node found itself wrong, and stops. */
  readonly onBug: (cause: Error) => void;
  /** The process is gone, whoever ended it. */
  readonly onEnd: () => void;
}

/** A machine of the simulated cluster: what survives its processes, and the one that runs, if any. */
export class Machine {
  readonly id: NodeId;
  readonly disk: SimulatedDisk;
  readonly clocks: ClockFaults;
  /** What its processes logged: JSON lines. */
  readonly log: string[] = [];
  /** Their transitions, if the knob says so: docs/trace.md. */
  readonly trace: string[] = [];
  readonly #ends: (Omit<ProcessEnd, "agoMs"> & { readonly atMs: number })[] = [];
  readonly #options: MachineOptions;
  readonly #logger: Logger;
  #process: VirtualProcess | null = null;
  #node: AssembledNode | null = null;
  #number = 0;
  /** Files that get a name or are removed, before the disk is copied the next time. */
  #untilCopied = 0;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.id = options.id;
    this.disk = options.disk;
    this.clocks = new ClockFaults(options.time);
    const timestamp = () => `,"time":${Math.round(options.time.nowNs() / nsPerMs)}`;
    const write = (line: string) => void this.log.push(line);
    this.#logger = pino({ base: { node: options.id }, timestamp, serializers: { err: withoutStack } }, { write });
  }

  /** The node, once it takes part; null before, and when none runs. */
  get node(): AssembledNode | null {
    return this.#node;
  }

  get process(): VirtualProcess | null {
    return this.#process;
  }

  /** "virtual process 3 of n1", or that there is none. */
  get description(): string {
    if (this.#process === null) return `${this.id} has no process`;
    return `virtual process ${this.#number} of ${this.id}`;
  }

  /** Names the process that listens for peers; null: none does. */
  listening(): number | null {
    return this.#node === null ? null : this.#number;
  }

  deliver(from: NodeId, message: PeerMessage): void {
    const node = this.#node;
    this.#process?.arrive(() => node?.receive(from, message));
  }

  /** Starts a process of the node, which recovers and takes part in a while. */
  start(config: NodeConfig): void {
    if (this.#process !== null) throw new Error(`${this.id} has a process already`);
    const process = new VirtualProcess(this.#options.time, this.#options.skew, this.clocks);
    this.#process = process;
    this.#number++;
    this.disk.onReshaped = () => this.#tryRecovery(config);
    const ends = (reason: FatalReason, cause: Error): void => {
      if (this.#process !== process) return;
      this.#noteEnd(process, reason);
      this.#end();
      if (reason === "bug") this.#options.onBug(cause);
    };
    assembleNode({
      config,
      ...this.#options.conduct,
      clock: process,
      timeOfDayMs: () => this.#timeOfDayMs(process),
      disk: this.disk.mount(process, { fsync: config.knobs.fsync }),
      newStoreId: () => createHash("sha256").update(this.id).digest("hex").slice(0, 16),
      random: this.#options.random,
      links: (links) => openSimulatedLinks(links, this.#options.edgeTo),
      watch: this.#watch(config.knobs.trace),
      log: this.#logger,
      metrics: noMetrics,
      onFatal: ends,
    }).then(
      (node) => {
        if (this.#process !== process) return;
        this.#node = node;
        node.takePart();
      },
      (cause: Error) => {
        this.#logger.fatal({ event: "fatal", err: cause }, `the node does not start: ${cause.message}`);
        ends(reasonOf(cause), cause);
      },
    );
  }

  /** What its process reads of the time. */
  get clock(): NodeClock {
    const process = this.#process;
    if (process === null) throw new Error(this.description);
    return { wallMs: this.#timeOfDayMs(process), monotonicMs: nowMs(process) };
  }

  #timeOfDayMs(process: VirtualProcess): number {
    return this.#options.timeOfDay.at(nowMs(process)) + this.clocks.wallAheadMs;
  }

  /** Ends the process at once; what it did to the machine's disk. */
  kill(): PowerLoss | null {
    this.#end();
    const { losesUnsynced, kills } = this.#options;
    return losesUnsynced && kills.fraction() < powerLossShare ? this.disk.losePower() : null;
  }

  /** Ends the process, if one runs, and loses what was not synced. */
  losePower(): PowerLoss {
    if (this.#process !== null) this.#end();
    return this.disk.losePower();
  }

  /** Its processes that ended by themselves. */
  ends(): ProcessEnd[] {
    const now = nowMs(this.#options.time);
    return this.#ends.map(({ atMs, ...end }) => ({ ...end, agoMs: now - atMs }));
  }

  /** Whether a node would start from what a crash leaves now, or a power loss. A copy for each change would be slow. */
  #tryRecovery(config: NodeConfig): void {
    if (this.#untilCopied-- > 0) return;
    const { copies: random, conduct, watch } = this.#options;
    this.#untilCopied = random.integer(0, 2 * meanChangesBetweenCopies);
    const [ended, poweredOff] = this.disk.copies(random) ?? [];
    const copies = config.knobs.fsync ? [ended, poweredOff] : [ended];
    for (const copy of copies) {
      if (copy !== undefined) recoverCopy(copy, config, conduct).then(watch.diskCopied(this.id));
    }
  }

  #noteEnd(process: VirtualProcess, reason: FatalReason): void {
    const excuse = reason === "bug" ? null : this.disk.excuseFor(process);
    this.#ends.push({
      node: this.id,
      atMs: nowMs(this.#options.time),
      code: exitCodes[reason],
      signal: null,
      lastLine: this.log.at(-1) ?? null,
      ...(excuse === null ? {} : { excuse }),
    });
  }

  #watch(traces: boolean): NodeWatch {
    const { watch, time } = this.#options;
    const trace = traces
      ? openNodeTrace(
          () => (line) => void this.trace.push(line),
          () => time.nowNs(),
        )
      : null;
    return {
      watched: (inner, state) => {
        const watched = watchedStep(inner, state, watch);
        return trace === null ? watched : trace.watched(watched, state);
      },
      durable: (io) => {
        watch.durable(this.id, io);
        trace?.durable(io);
      },
      stateMachine: watch.stateMachine(this.id),
    };
  }

  #end(): void {
    this.#process?.end();
    this.#process = null;
    this.#node = null;
    this.#options.watch.ended(this.id);
    this.#options.onEnd();
  }
}

/** A stack tells where the project stands on this machine, and the history, which quotes last lines, is the same on any. */
function withoutStack(error: Error): Omit<SerializedError, "stack"> {
  const { stack: _, ...told } = pino.stdSerializers.err(error);
  return told;
}

const meanChangesBetweenCopies = 5;
const powerLossShare = 0.75;

const nothing = (): void => undefined;
const count = { inc: nothing };
const distribution = { observe: nothing };
/** Nobody asks a simulated node for its metrics. */
const noMetrics: NodeMetrics = {
  proposals: count,
  elections: count,
  fsyncMs: distribution,
  batchEntries: distribution,
  snapshots: { taken: count, sent: count, received: count, bytes: { set: nothing }, durationMs: distribution },
};
