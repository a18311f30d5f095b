import { posix } from "node:path";

/** Where Keelhaul keeps its files on a machine, below the user's home. */
export function placesIn(home: string) {
  const root = posix.join(home, ".keelhaul");
  return {
    /** What was uploaded, by the hash of its content: later runs find it there. */
    programs: (hash: string, ...names: string[]) => posix.join(root, "programs", hash, ...names),
    /** What one run wrote. */
    run: (runId: string, ...names: string[]) => posix.join(root, "runs", runId, ...names),
  };
}
