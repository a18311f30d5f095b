import { z } from "zod";
import { UsageError } from "../errors/errors.ts";
import { quote } from "../errors/quote.ts";
import { listState, readState, removeState, writeState } from "../state/user-state.ts";
import { controllerState, ownControllerName } from "./controller-name.ts";
import type { HostNode } from "./host.ts";

const endpoint = z.object({ host: z.string(), port: z.number().int() });
const endpoints = z.record(z.string(), endpoint);
const node = z.object({
  id: z.string(),
  addresses: z.object({ listen: endpoints, peers: z.record(z.string(), endpoints), reach: endpoints }),
  dataDir: z.string(),
  secret: z.string(),
}) satisfies z.ZodType<HostNode>;

const runSchema = z.object({
  run: z.string(),
  backend: z.string(),
  controller: z.string(),
  /** What the run's agents ask of their controller. */
  token: z.string(),
  /** Where the agent of each node answers. */
  agents: endpoints,
  nodes: z.array(node),
  /** What else the backend has to know to find the machines again. */
  place: z.record(z.string(), z.string()),
});

/**
 * What another controller needs to take over the machines of a run. It holds the run's token and secret, and is therefore kept
 * in this user's state, which nobody else can read.
 */
export interface RunState extends Readonly<Omit<z.output<typeof runSchema>, "nodes">> {
  readonly nodes: readonly HostNode[];
}

/** Keeps what is needed to take the run over, in the name of this process. */
export async function keepRun(run: Omit<RunState, "controller">): Promise<void> {
  const state: RunState = { ...run, controller: await ownControllerName() };
  await writeState("runs", fileOf(run.run), `${JSON.stringify(state)}\n`);
}

/** Undefined when no machines of the run are known. */
export async function readRun(run: string): Promise<RunState | undefined> {
  const text = await readState("runs", fileOf(run));
  if (text === undefined) return undefined;
  const parsed = parse(text);
  if (parsed === undefined) throw new UsageError(`run ${quote(run)}: its state is damaged; run \`keelhaul clean\``);
  return parsed;
}

export async function forgetRun(run: string): Promise<void> {
  await removeState("runs", fileOf(run));
}

/** The runs of a backend whose controller is gone. */
export async function orphanedRuns(backend: string): Promise<readonly RunState[]> {
  const runs = await Promise.all((await listState("runs")).map(async (name) => readState("runs", name)));
  const own = runs.flatMap((text) => parse(text ?? "") ?? []).filter((run) => run.backend === backend);
  const states = await Promise.all(own.map(({ controller }) => controllerState(controller)));
  return own.filter((_, place) => states[place] === "gone");
}

/** Forgets the runs of a backend whose controller is gone, and what cannot be read. */
export async function forgetOrphanedRuns(backend: string): Promise<void> {
  for (const name of await listState("runs")) {
    const run = parse((await readState("runs", name)) ?? "");
    const isOrphan = run?.backend === backend && (await controllerState(run.controller)) === "gone";
    if (run === undefined || isOrphan) await removeState("runs", name);
  }
}

/** Whether the controller of a run goes on: the one that took it over, else the one that `made` names on what it made. */
export async function stateOfController(run: string, made: string): ReturnType<typeof controllerState> {
  const kept = isRunId(run) ? parse((await readState("runs", fileOf(run))) ?? "") : undefined;
  return controllerState(kept?.controller ?? made);
}

function parse(text: string): RunState | undefined {
  try {
    return runSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Never a path: an id may come from a command line, or from the environment of a process. */
function isRunId(run: string): boolean {
  return /^[\w-][\w.-]*$/.test(run);
}

function fileOf(run: string): string {
  if (isRunId(run)) return `${run}.json`;
  throw new UsageError(`run: got ${quote(run)}; expected letters, digits, dots, dashes and underscores`);
}
