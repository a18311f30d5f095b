import { removeRules } from "../agent/links/iptables.ts";
import type { Run } from "../agent/links/traffic-control.ts";
import { runVariable } from "../local/run-processes.ts";
import type { SshConnection } from "./connection.ts";
import { placesIn } from "./paths.ts";
import { asRoot } from "./survey.ts";

/** A process may start another one between the search and the signal. */
const attempts = 5;

/** Removes all that a run made on a machine, found by the run's id. Answers a line for each thing. Safe to call twice. */
export async function removeRun(connection: SshConnection, runId: string): Promise<string[]> {
  const on = `of run ${runId} on ${connection.target.name}`;
  const processes = await endProcesses(connection, runId);
  const rules = await removeOwnRules(connection, runId);
  const folder = placesIn((await connection.output(["pwd"])).trim()).run(runId);
  const isThere = (await connection.exec(["test", "-e", folder])).code === 0;
  if (isThere) await connection.output(["rm", "-rf", folder]);
  return [
    ...processes.map((pid) => `ended process ${pid} ${on}`),
    ...(rules === 0 ? [] : [`removed ${rules} packet filter ${rules === 1 ? "rule" : "rules"} ${on}`]),
    ...(isThere ? [`removed folder ${folder} ${on}`] : []),
  ];
}

async function endProcesses(connection: SshConnection, runId: string): Promise<readonly string[]> {
  const ended = new Set<string>();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const pids = await processesOf(connection, runId);
    if (pids.length === 0) return [...ended];
    for (const pid of pids) ended.add(pid);
    await connection.exec(["kill", "-9", ...pids]); // exits 1 when one has ended meanwhile
  }
  throw new Error(`${connection.target.name}: processes of run ${runId} are still there after SIGKILL`);
}

/** By the environment that each of them carries; a bare machine has no `ps`. What cannot be read is another user's. */
async function processesOf(connection: SshConnection, runId: string): Promise<readonly string[]> {
  const grep = ["grep", "-lzxF", "-e", `${runVariable}=${runId}`];
  const find = ["find", "/proc", "-mindepth", "2", "-maxdepth", "2", "-name", "environ", "-exec", ...grep, "{}", "+"];
  const { stdout } = await connection.exec(find);
  return [...stdout.matchAll(/^\/proc\/(\d+)\/environ$/gm)].map(([, pid]) => pid!);
}

/** A machine whose packet filter cannot be listed has no rules of ours. */
async function removeOwnRules(connection: SshConnection, runId: string): Promise<number> {
  const isRoot = (await connection.output(["id", "-u"])).trim() === "0";
  const list = await connection.exec(asRoot(isRoot, ["iptables", "-w", "-S", "INPUT"]));
  if (list.code !== 0) return 0;
  const iptables: Run = (args) => connection.output(asRoot(isRoot, ["iptables", ...args]));
  return removeRules(iptables, runId);
}
