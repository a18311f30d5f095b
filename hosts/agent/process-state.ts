import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const hasProc = existsSync("/proc/self/stat");

/**
 * The scheduler's state of each thread (`R`, `S`, `T`, …), or none when the process is gone or a zombie. From /proc on
 * Linux; from `ps` elsewhere, which knows one state for the whole process.
 */
export async function threadStates(pid: number): Promise<readonly string[]> {
  const states = hasProc ? await statesFromProc(pid) : await statesFromPs(pid);
  return states.filter((state) => state !== "Z" && state !== "X");
}

/** The kernel counts CPU time in these; 100 a second on every architecture that Node runs on. */
const msPerTick = 10;

/** The CPU time that a process has used, all threads together. Undefined when it is gone. */
export async function cpuTimeMs(pid: number): Promise<number | undefined> {
  if (!hasProc) return parseCpuTime(await ps(pid, "time"));
  const fields = await statFields(`/proc/${pid}/stat`);
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** As `ps` prints it: `12:34.56`, or `1-02:03:04`. */
export function parseCpuTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [clock = "", days = "0"] = text.split("-").reverse();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/** `PID:STARTTIME`: names one process for good, as a pid alone is given out again. Undefined when it is gone. */
export async function processIdentity(pid: number): Promise<string | undefined> {
  const startTime = hasProc ? (await statFields(`/proc/${pid}/stat`))?.[19] : await ps(pid, "lstart");
  return startTime === undefined ? undefined : `${pid}:${startTime.replaceAll(/\s+/g, "_")}`;
}

/** Whether the very process of this identity still exists. */
export async function identityIsAlive(identity: string): Promise<boolean> {
  return (await processIdentity(Number.parseInt(identity, 10))) === identity;
}

async function statesFromProc(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(absent);
  const stats = await Promise.all((threads ?? []).map((thread) => statFields(`/proc/${pid}/task/${thread}/stat`)));
  return stats.flatMap((fields) => fields?.[0] ?? []);
}

async function statesFromPs(pid: number): Promise<string[]> {
  const state = await ps(pid, "state");
  return state === undefined ? [] : [state.slice(0, 1)];
}

/** The fields from the third on (state): the second is the program's name, which may hold blanks and brackets. */
async function statFields(file: string): Promise<string[] | undefined> {
  const text = await readFile(file, "utf8").catch(absent);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

async function ps(pid: number, column: string): Promise<string | undefined> {
  const answer = await run("ps", ["-o", `${column}=`, "-p", String(pid)]).catch(() => undefined); // exits 1: no such pid
  return answer?.stdout.trim() || undefined;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
  throw error;
}
