import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Load, LoadResult } from "./load.ts";

const loader = fileURLToPath(new URL("load.ts", import.meta.url));

/** Runs a load in a process of its own. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const client = execa(process.execPath, [loader], { ipc: true, stdio: ["ignore", "inherit", "inherit"] });
  const [, result] = await Promise.all([client.sendMessage(load as never), client.getOneMessage(), client]);
  return result as unknown as LoadResult;
}
