import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { gunzipSync } from "node:zlib";

/**
 * Why the kernel of this machine, which containers share, cannot delay, duplicate or reorder packets; null where it can, or where
 * nothing says whether it can.
 */
export function netemMissing(configFile = "/proc/config.gz", modules = `/lib/modules/${release()}`): string | null {
  if (!existsSync(configFile)) return null;
  const config = gunzipSync(readFileSync(configFile)).toString();
  const setting = /^CONFIG_NET_SCH_NETEM=(.)/m.exec(config)?.[1];
  if (setting === "y") return null;
  const index = `${modules}/modules.dep`;
  const isInstalled = !existsSync(index) || readFileSync(index, "utf8").includes("sch_netem");
  return setting === "m" && isInstalled ? null : "the kernel has no sch_netem";
}
