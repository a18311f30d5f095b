import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { threadStates } from "../agent/process-state.ts";

/** The variables that every process of a local run carries, so that it can be found when its controller is gone. */
export const runVariable = "KEELHAUL_RUN";
export const controllerVariable = "KEELHAUL_CONTROLLER";

/** A process of a local run. `controller`: the identity of the process that started the run. */
export interface RunProcess {
  readonly pid: number;
  readonly run: string;
  readonly controller: string;
}

const goneWithinMs = 5000;
const pollMs = 20;

/** All processes on this machine that belong to local runs, of any controller. */
export async function findRunProcesses(): Promise<RunProcess[]> {
  const environments = existsSync("/proc/self/environ") ? await fromProc() : await fromPs();
  return environments.flatMap(({ pid, environment }) => {
    const run = variable(environment, runVariable);
    const controller = variable(environment, controllerVariable);
    return run && controller && pid !== process.pid ? [{ pid, run, controller }] : [];
  });
}

/** SIGKILL to each, and waits until all are gone. */
export async function endProcesses(processes: readonly RunProcess[]): Promise<void> {
  for (const { pid } of processes) killIfThere(pid);
  for (let waitedMs = 0; waitedMs < goneWithinMs; waitedMs += pollMs) {
    const states = await Promise.all(processes.map(({ pid }) => threadStates(pid)));
    if (states.every((threads) => threads.length === 0)) return;
    await sleep(pollMs);
  }
  throw new Error(`still there after SIGKILL: pids ${processes.map(({ pid }) => pid).join(", ")}`);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface Environment {
  readonly pid: number;
  /** `NAME=value` each. */
  readonly environment: readonly string[];
}

async function fromProc(): Promise<Environment[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      // Gone meanwhile, or another user's: neither is a process that this user's runs have started.
      const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return { pid: Number(pid), environment: text.split("\0") };
    }),
  );
}

/** Where there is no /proc: `ps` prints command and environment, both separated by blanks. */
async function fromPs(): Promise<Environment[]> {
  const { stdout } = await execa("ps", ["axeww", "-o", "pid=,command="]);
  return parsePs(stdout);
}

/** Words of the command among the environment do no harm: only `NAME=value` with our names is looked for. */
export function parsePs(listing: string): Environment[] {
  return listing.split("\n").flatMap((line) => {
    const [pid, ...words] = line.trim().split(/\s+/);
    return pid ? [{ pid: Number(pid), environment: words }] : [];
  });
}

function variable(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}
