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

/**
 * The processes of this user that belong to local runs, of any controller. Others are left alone even where we may see
 * them: anybody can start a program that is not theirs (by `sudo`, say) with our variables.
 */
export async function findRunProcesses(): Promise<RunProcess[]> {
  const environments = existsSync("/proc/self/environ") ? await fromProc() : await fromPs();
  const own = process.geteuid?.();
  return environments.flatMap(({ pid, users, environment }) => {
    const run = variable(environment, runVariable);
    const controller = variable(environment, controllerVariable);
    const isOurs = pid !== process.pid && users.every((user) => user === own);
    return run && controller && isOurs ? [{ pid, run, controller }] : [];
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
  /** Its real and its effective user. */
  readonly users: readonly number[];
  /** `NAME=value` each. */
  readonly environment: readonly string[];
}

async function fromProc(): Promise<Environment[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      const [text, status] = await Promise.all([proc(pid, "environ"), proc(pid, "status")]);
      const users = /^Uid:\t(\d+)\t(\d+)/m.exec(status)?.slice(1) ?? [];
      return { pid: Number(pid), users: users.map(Number), environment: text.split("\0") };
    }),
  );
}

/** Empty when the process has ended meanwhile, or is another user's: neither is one that this user's runs have started. */
function proc(pid: string, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}

/** Where there is no /proc: `ps` prints users, command and environment, all separated by blanks. */
async function fromPs(): Promise<Environment[]> {
  const { stdout } = await execa("ps", ["axeww", "-o", "pid=,uid=,ruid=,command="]);
  return parsePs(stdout);
}

/** Words of the command among the environment do no harm: only `NAME=value` with our names is looked for. */
export function parsePs(listing: string): Environment[] {
  return listing.split("\n").flatMap((line) => {
    const [pid, user, realUser, ...words] = line.trim().split(/\s+/);
    return pid ? [{ pid: Number(pid), users: [Number(user), Number(realUser)], environment: words }] : [];
  });
}

function variable(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}
