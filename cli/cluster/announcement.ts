import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { identityIsAlive, processIdentity } from "../../hosts/agent/process-state.ts";
import type { HostNode } from "../../hosts/host.ts";

const announcementSchema = z.object({
  /** The process whose cluster it is; a pid alone may be given out again. */
  controller: z.string(),
  startedAt: z.string(),
  stateDir: z.string(),
  /** The folder goes when the cluster does. */
  temporary: z.boolean(),
  nodes: z.array(z.object({ id: z.string(), http: z.string() })),
});

/** What a running cluster tells of itself, so that `keelhaul kv` finds it from any folder. */
export type Announcement = z.output<typeof announcementSchema>;

/** Writes it where `runningClusters` looks. Returns what takes it away again. */
export async function announce(told: Omit<Announcement, "controller" | "startedAt">): Promise<() => Promise<void>> {
  const controller = (await processIdentity(process.pid)) ?? String(process.pid);
  const announcement: Announcement = { controller, startedAt: new Date().toISOString(), ...told };
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  const file = join(folder(), `${process.pid}.json`);
  await writeFile(file, `${JSON.stringify(announcement)}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** Clusters of this user on this machine whose command runs, the newest first. */
export async function runningClusters(): Promise<Announcement[]> {
  const all = await readAll();
  const alive = await Promise.all(all.map(({ announcement }) => identityIsAlive(announcement.controller)));
  return all
    .filter((_, place) => alive[place])
    .map(({ announcement }) => announcement)
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

/** Removes what clusters left whose command was killed; a line for each. */
export async function cleanClusters(): Promise<string[]> {
  const lines: string[] = [];
  for (const { file, announcement } of await readAll()) {
    if (await identityIsAlive(announcement.controller)) continue;
    if (announcement.temporary) await rm(announcement.stateDir, { recursive: true, force: true });
    await rm(file, { force: true });
    lines.push(`removed what is left of a cluster whose command is gone (${announcement.stateDir})`);
  }
  return lines;
}

/** `HOST:PORT` of a node's HTTP port. */
export function httpAddress({ addresses }: HostNode): string {
  const { host, port } = addresses.reach.http;
  return `${host}:${port}`;
}

/** One folder a user: another user's clusters are none of ours. */
function folder(): string {
  return join(tmpdir(), `keelhaul-clusters-${userInfo().uid}`);
}

async function readAll(): Promise<{ file: string; announcement: Announcement }[]> {
  const names = await readdir(folder()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const read = names.map(async (name) => {
    const file = join(folder(), name);
    // One that is being written, or was taken away just now, is as good as none.
    const text = await readFile(file, "utf8").catch(() => "");
    const parsed = text.endsWith("\n") ? announcementSchema.safeParse(JSON.parse(text)) : undefined;
    return parsed?.success ? [{ file, announcement: parsed.data }] : [];
  });
  return (await Promise.all(read)).flat();
}
