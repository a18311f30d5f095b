import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Evidence } from "../../history/annotations.ts";
import { lastLineOf } from "./last-line.ts";
import { threadStates } from "./process-state.ts";
import type { ProcessState, Reply, Request } from "./protocol.ts";

/** How long a signal may take to show in the process table; stopping a busy process with many threads takes a while. */
const settleMs = 2000;
const pollMs = 5;

type ProcessEnd = Reply<"ends">["ends"][number];

type Running = ChildProcess & { readonly pid: number };

/**
 * The processes that this agent started, one or several a node. Each leads a process group, so that signals reach its children;
 * what is done to a node is done to all of its processes.
 */
export class Processes {
  /** By node, then by the name of the process; the main one has none. */
  readonly #running = new Map<string, Map<string | undefined, Running>>();
  /** Those that were told to end: what they do then is no surprise. */
  readonly #killed = new WeakSet<ChildProcess>();
  /** Why the processes of a node are not to blame should they end, as long as a fault lasts. */
  readonly #excuses = new Map<string, ReadonlySet<string>>();
  /** Those of each process, which may end of it after the fault has healed. */
  readonly #excused = new WeakMap<ChildProcess, string>();
  readonly #ends: (Omit<ProcessEnd, "agoMs"> & { readonly atMs: number })[] = [];
  readonly #environment: NodeJS.ProcessEnv;

  /** `environment`: what every process gets, before its own variables. */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Starts a process of the node. Throws when it runs already, or when the program cannot be started. */
  async start(request: Request<"start">): Promise<Evidence> {
    const { node, name, command, args, env, cwd } = request;
    const before = this.#running.get(node)?.get(name);
    if (before) throw new Error(`${nameOf(node, name)} runs already, as pid ${before.pid}`);
    for (const [path, text] of Object.entries(request.configuration ?? {})) await writeText(resolve(cwd, path), text);
    const log = openLog(request.log);
    const child = spawn(command, args, {
      cwd,
      env: { ...this.#environment, ...env },
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) throw (await once(child, "error"))[0]; // a program that is not there
    this.#running.set(node, (this.#running.get(node) ?? new Map()).set(name, Object.assign(child, { pid })));
    const [excuse] = this.#excuses.get(node) ?? [];
    if (excuse !== undefined) this.#excused.set(child, excuse);
    child.once("exit", (code, signal) => {
      this.#running.get(node)?.delete(name);
      if (this.#killed.has(child)) return;
      const excused = this.#excused.get(child);
      const why = excused === undefined ? {} : { excuse: excused };
      const end = { node, ...(name === undefined ? {} : { process: name }), code, signal, ...why };
      this.#ends.push({ ...end, atMs: performance.now(), lastLine: lastLineOf(request.log) });
    });
    return { subject: node, observation: `pid ${pid} started`, proves: true };
  }

  /** SIGKILL to the node's process groups; returns when the processes have gone. */
  kill(node: string): Promise<Evidence> {
    return this.#onEach(node, "kill", async (child) => {
      const gone = once(child, "exit");
      this.#killed.add(child);
      signalGroup(child.pid, "SIGKILL");
      await gone;
      const left = await statesWhen(child.pid, (states) => states.length === 0);
      const proves = left.length === 0;
      return { observation: `pid ${child.pid} ${proves ? "gone" : "still there"} after SIGKILL`, proves };
    });
  }

  /** SIGSTOP; proven by state T of all threads. */
  pause(node: string): Promise<Evidence> {
    return this.#onEach(node, "pause", async ({ pid }) => {
      signalGroup(pid, "SIGSTOP");
      const states = await statesWhen(pid, (threads) => threads.length > 0 && threads.every(isStopped));
      return { observation: describe(pid, states), proves: states.length > 0 && states.every(isStopped) };
    });
  }

  /** SIGCONT; proven by no thread being in state T. */
  resume(node: string): Promise<Evidence> {
    return this.#onEach(node, "resume", async ({ pid }) => {
      signalGroup(pid, "SIGCONT");
      const states = await statesWhen(pid, (threads) => !threads.some(isStopped));
      return { observation: describe(pid, states), proves: states.length > 0 && !states.some(isStopped) };
    });
  }

  /** Says why processes of the node that run now, or start before the answer is called, are not to blame should they end. */
  excuse(node: string, why: string): () => void {
    this.#excuses.set(node, new Set([...(this.#excuses.get(node) ?? []), why]));
    for (const child of this.#of(node)) this.#excused.set(child, why);
    return () => {
      const left = [...(this.#excuses.get(node) ?? [])].filter((one) => one !== why);
      this.#excuses.set(node, new Set(left));
    };
  }

  /** A node is paused when all of its processes are. The pid is that of the first. */
  async state(node: string): Promise<ProcessState> {
    const found = await Promise.all(this.#of(node).map(async ({ pid }) => ({ pid, states: await threadStates(pid) })));
    const there = found.filter(({ states }) => states.length > 0);
    const [first] = there;
    if (first === undefined) return { state: "down" };
    return { state: there.every(({ states }) => states.every(isStopped)) ? "paused" : "running", pid: first.pid };
  }

  /** Every process that ended so far without being killed here. */
  ends(): ProcessEnd[] {
    return this.#ends.map(({ atMs, ...end }) => ({ ...end, agoMs: performance.now() - atMs }));
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((node) => this.kill(node)));
  }

  /** In the order in which they started. */
  #of(node: string): readonly Running[] {
    return [...(this.#running.get(node)?.values() ?? [])];
  }

  /** Does something to every process of a node, as one piece of evidence. */
  async #onEach(
    node: string,
    verb: string,
    act: (child: Running) => Promise<Omit<Evidence, "subject">>,
  ): Promise<Evidence> {
    const all = await Promise.all(this.#of(node).map(act));
    if (all.length === 0) return { subject: node, observation: `no process to ${verb}`, proves: false };
    const observation = all.map((one) => one.observation).join("; ");
    return { subject: node, observation, proves: all.every(({ proves }) => proves) };
  }
}

function nameOf(node: string, name: string | undefined): string {
  return name === undefined ? node : `${name} of ${node}`;
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "a");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The process ended between the look and the signal: the evidence, read after this, will say so.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The thread states once they are as wanted, or as they still are when the time is over. */
async function statesWhen(pid: number, wanted: (states: readonly string[]) => boolean): Promise<readonly string[]> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const states = await threadStates(pid);
    if (wanted(states) || waitedMs >= settleMs) return states;
    await sleep(pollMs);
  }
}

function isStopped(state: string): boolean {
  return state === "T" || state === "t";
}

function describe(pid: number, states: readonly string[]): string {
  if (states.length === 0) return `pid ${pid} is gone`;
  const kinds = [...new Set(states)].sort().join(" and ");
  return `pid ${pid} in state ${kinds} (${states.length} ${states.length === 1 ? "thread" : "threads"})`;
}
