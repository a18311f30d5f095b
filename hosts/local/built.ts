import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundlesFolder } from "../agent/bundles.ts";
import type { Finding, Requirement } from "../backend.ts";

const bundleNames = ["agent.mjs", "raft-node.mjs", "ssh-launch.mjs"];

/** Nothing runs without the bundles. */
export const programs: Requirement = { name: "programs", check: async () => bundlesIn(bundlesFolder()) };

/** Whether the bundles were built into the folder. */
export function bundlesIn(folder: string): Finding {
  const missing = bundleNames.filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return { works: true, detail: "the node and agent programs are built" };
  return {
    works: false,
    reason: `${new Intl.ListFormat("en-GB").format(missing)} not in ${folder}`,
    remedy: "run `npm run build`",
  };
}
