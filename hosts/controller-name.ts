import { hostname } from "node:os";
import { identityIsAlive, processIdentity } from "./agent/process-state.ts";

/** `PID:STARTTIME@MACHINE`: this process, as it is named on everything that it makes and must remove. */
export async function ownControllerName(): Promise<string> {
  return onThisMachine(String(await processIdentity(process.pid)));
}

/** The name of the controller that the process of this identity is. */
export function onThisMachine(identity: string): string {
  return `${identity}@${hostname()}`;
}

/**
 * Whether the controller runs. One on another machine, which shares a home or a Docker Engine with this one, cannot be
 * seen from here.
 */
export async function controllerState(name: string): Promise<"runs" | "gone" | "elsewhere"> {
  const [identity = "", machine] = name.split("@");
  if (machine !== hostname()) return "elsewhere";
  return (await identityIsAlive(identity)) ? "runs" : "gone";
}
