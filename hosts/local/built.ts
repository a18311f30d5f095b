import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../errors/errors.ts";
import { bundlesFolder } from "../agent/bundles.ts";
import type { DoctorRow } from "../backend.ts";

const bundleNames = ["agent.mjs", "raft-node.mjs"];

/** Whether the bundles were built: nothing runs without them. */
export function bundlesRow(folder: string): DoctorRow {
  const missing = bundleNames.filter((name) => !existsSync(join(folder, name)));
  const works = missing.length === 0;
  const detail = works ? "the node and agent programs are built" : `${missing.join(" and ")} not in ${folder}`;
  return { what: "programs", works, detail, remedy: "npm run build" };
}

/** Throws a UsageError, in the backend's name, when the bundles were not built. */
export function requireBuilt(backend: string): void {
  const { works, detail, remedy } = bundlesRow(bundlesFolder());
  if (!works) throw new UsageError(`${backend}: ${detail}; run \`${remedy}\``);
}
