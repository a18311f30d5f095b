import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import type { AgentConfig } from "../agent/protocol.ts";
import type { Endpoint } from "../host.ts";

export interface AgentProcess {
  readonly pid: number;
  readonly endpoint: Endpoint;
}

/**
 * Starts an agent on this machine, in a session of its own: a Ctrl-C in the terminal reaches only the controller, which
 * then ends things in order. Its errors go to `logFile`.
 */
export async function spawnAgent(options: {
  script: string;
  token: string;
  leaseMs: number;
  environment: Readonly<Record<string, string>>;
  logFile: string;
}): Promise<AgentProcess> {
  const config: AgentConfig = {
    listen: { host: "127.0.0.1", port: 0 },
    token: options.token,
    leaseMs: options.leaseMs,
  };
  const log = openSync(options.logFile, "a");
  const env = { ...process.env, ...options.environment, KEELHAUL_AGENT: JSON.stringify(config) };
  const child = spawn(process.execPath, [options.script], { env, stdio: ["ignore", "pipe", log], detached: true });
  closeSync(log);
  await once(child, "spawn");
  const stdout = child.stdout!; // a pipe, as asked for
  const port = await listeningPort(stdout, options.logFile);
  stdout.destroy();
  child.unref(); // the run decides how long the controller lives, not the agent
  return { pid: child.pid!, endpoint: { host: "127.0.0.1", port } };
}

async function listeningPort(stdout: NodeJS.ReadableStream, logFile: string): Promise<number> {
  for await (const line of createInterface({ input: stdout })) {
    const port = /^listening (\d+)$/.exec(line)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`the agent exited before it listened; see ${logFile}`);
}
