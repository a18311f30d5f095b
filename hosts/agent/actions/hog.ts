import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Evidence } from "../../../history/annotations.ts";
import { usualHogShare } from "../../host.ts";
import { cpuTimeMs } from "../process-state.ts";
import type { Action, Machine } from "./action.ts";

const request = z.object({
  kind: z.literal("hog"),
  node: z.string(),
  /** Of each core. */
  share: z.number().positive().max(1).default(usualHogShare),
});

/** Keeps every core of the machine busy, with a process for each, beside the node's own. */
export const hog = {
  offer: { means: "a busy process for each core", remedy: "run on Linux or macOS" },
  request,
  targets: ({ node }) => [[node]],
  apply: async (machine, { node, share }) => {
    const hogs = hogsOf(machine);
    const running = hogs.get(node) ?? startHogs(machine, share);
    hogs.set(node, running);
    await untilFelt(running);
    const usedMs = await usedBy(running);
    return [evidence(node, usedMs, running, usedMs.every(isFelt))];
  },
  undo: (machine, targets) => Promise.all(targets.map(([node]) => endHogs(machine, node))),
} satisfies Action<z.output<typeof request>>;

interface Hogs {
  readonly processes: readonly ChildProcess[];
  readonly startedMs: number;
}

/** Those of each machine, by node. */
const hogsByMachine = new WeakMap<Machine, Map<string, Hogs>>();

function hogsOf(machine: Machine): Map<string, Hogs> {
  const known = hogsByMachine.get(machine) ?? new Map<string, Hogs>();
  hogsByMachine.set(machine, known);
  return known;
}

/** Takes a share of one core in slices. It ends with its agent, whose end of the pipe closes then. */
const program = `
const share = Number(process.argv[1]), sliceMs = 20;
process.stdin.on("end", () => process.exit()).resume();
const burn = () => {
  for (const until = performance.now() + share * sliceMs; performance.now() < until; );
  setTimeout(burn, (1 - share) * sliceMs);
};
burn();`;

/** Twice what Node uses to start: more is the hog's own. */
const feltMs = 100;
const feltWithinMs = 5000;
const pollMs = 20;

function startHogs({ environment }: Machine, share: number): Hogs {
  const startedMs = performance.now();
  const processes = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", program, String(share)], { env: environment, stdio: ["pipe", "ignore", "ignore"] }),
  );
  // One that cannot be started has no pid, which the evidence says.
  for (const child of processes) child.on("error", () => {});
  return { processes, startedMs };
}

async function untilFelt(hogs: Hogs): Promise<void> {
  const untilMs = performance.now() + feltWithinMs;
  while (performance.now() < untilMs && !(await usedBy(hogs)).every(isFelt)) await sleep(pollMs);
}

/** The CPU time of each process by the kernel's account; undefined for one that is gone. */
function usedBy({ processes }: Hogs): Promise<(number | undefined)[]> {
  return Promise.all(processes.map(({ pid }) => (pid === undefined ? undefined : cpuTimeMs(pid))));
}

function isFelt(usedMs: number | undefined): boolean {
  return usedMs !== undefined && usedMs >= feltMs;
}

/** Evidence: what they used until now, and that none is left. */
async function endHogs(machine: Machine, node: string): Promise<Evidence> {
  const hogs = hogsOf(machine).get(node);
  if (hogs === undefined) return { subject: node, observation: "no hog is left", proves: true };
  const usedMs = await usedBy(hogs);
  const running = hogs.processes.filter(isRunning);
  const gone = running.map((child) => once(child, "exit"));
  for (const child of running) child.kill("SIGKILL");
  await Promise.all(gone);
  hogsOf(machine).delete(node);
  return evidence(node, usedMs, hogs, running.length === hogs.processes.length);
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function evidence(
  node: string,
  usedMs: readonly (number | undefined)[],
  { startedMs }: Hogs,
  proves: boolean,
): Evidence {
  const lost = usedMs.filter((used) => used === undefined).length;
  const totalMs = usedMs.reduce<number>((sum, used) => sum + (used ?? 0), 0);
  const sinceMs = Math.round(performance.now() - startedMs);
  const crashed = lost === 0 ? "" : `; ${lost} exited early`;
  return {
    subject: node,
    observation: `${usedMs.length} busy ${usedMs.length === 1 ? "process" : "processes"} used ${totalMs} ms of CPU in ${sinceMs} ms${crashed}`,
    proves,
  };
}
