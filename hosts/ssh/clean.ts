import { messageOf } from "../../errors/errors.ts";
import type { Cleaned } from "../backend.ts";
import { forgetRun, orphanedRuns } from "../run-state.ts";
import { SshConnection } from "./connection.ts";
import { placeOf } from "./place.ts";
import { removeRun } from "./remove.ts";
import { type Target, targetsOf } from "./target.ts";

/**
 * Removes what runs left on their machines whose controller is gone. The machines are those that the user's state names; one
 * that does not answer now is left for the next time. Uploaded programs stay.
 */
export async function cleanSsh(): Promise<Cleaned> {
  const removed: string[] = [];
  const leftAlone: string[] = [];
  for (const { run, place } of await orphanedRuns("ssh")) {
    const targets = await targetsOf(placeOf(place).options).catch(messageOf);
    const results = await Promise.allSettled(
      typeof targets === "string"
        ? [Promise.reject(new Error(targets))]
        : targets.map((target) => cleanOn(target, run)),
    );
    const failed = results.flatMap((result) => (result.status === "rejected" ? [messageOf(result.reason)] : []));
    removed.push(...results.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
    leftAlone.push(...failed.map((why) => `left run ${run}: ${why}; then run \`keelhaul clean\` again`));
    if (failed.length === 0) await forgetRun(run);
  }
  return { removed, leftAlone };
}

async function cleanOn(target: Target, run: string): Promise<string[]> {
  const connection = new SshConnection(target);
  try {
    return await removeRun(connection, run);
  } finally {
    await connection.close();
  }
}
