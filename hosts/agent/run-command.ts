import { execFile } from "node:child_process";
import type { Reply, Request } from "./protocol.ts";

/** More output than this ends the program: what prepares a machine prints pages, not streams. */
const maxOutputBytes = 4 * 1024 * 1024;

/** Runs a program to its end. Rejects when it cannot be started, or did not end in time. */
export function runCommand(
  { command, args, env, cwd, timeoutMs }: Request<"run">,
  environment: NodeJS.ProcessEnv,
): Promise<Reply<"run">> {
  const options = { cwd, env: { ...environment, ...env }, timeout: timeoutMs, maxBuffer: maxOutputBytes };
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...options, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) resolve({ code: 0, output });
      else if (error.killed) reject(new Error(`${command} did not end within ${timeoutMs} ms`));
      else if (typeof error.code === "number") resolve({ code: error.code, output });
      else reject(error);
    });
  });
}
