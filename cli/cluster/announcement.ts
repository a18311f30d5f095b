import { z } from "zod";
import { controllerState, ownControllerName } from "../../hosts/controller-name.ts";
import { listState, readState, removeState, writeState } from "../../state/user-state.ts";

const announcementSchema = z.object({
  /** The process whose cluster it is. */
  controller: z.string(),
  startedAt: z.string(),
  stateDir: z.string(),
  /** What its HTTP ports ask for. */
  token: z.string(),
  nodes: z.array(z.object({ id: z.string(), http: z.string() })),
});

/** What a running cluster reports about itself, so that `keelhaul kv` finds it from any folder. */
export type Announcement = z.output<typeof announcementSchema>;

/** Writes it where `runningClusters` reads it. Returns a function that removes it. */
export async function announce(told: Omit<Announcement, "controller" | "startedAt">): Promise<() => Promise<void>> {
  const controller = await ownControllerName();
  const announcement: Announcement = { controller, startedAt: new Date().toISOString(), ...told };
  const name = `${controller}.json`;
  await writeState("clusters", name, `${JSON.stringify(announcement)}\n`);
  return () => removeState("clusters", name);
}

/** Clusters of this user on this machine whose command runs, the newest first. */
export async function runningClusters(): Promise<Announcement[]> {
  const running: Announcement[] = [];
  for (const name of await listState("clusters")) {
    if ((await controllerState(controllerIn(name))) !== "runs") continue;
    const text = await readState("clusters", name);
    if (text !== undefined) running.push(announcementSchema.parse(JSON.parse(text)));
  }
  return running.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

/** Removes the announcements of clusters whose command was killed; a line for each. */
export async function cleanClusters(): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await listState("clusters")) {
    const controller = controllerIn(name);
    if ((await controllerState(controller)) !== "gone") continue;
    await removeState("clusters", name);
    lines.push(`removed the record of a cluster whose command, process ${Number.parseInt(controller, 10)}, is gone`);
  }
  return lines;
}

function controllerIn(name: string): string {
  return name.replace(/\.json$/, "");
}
