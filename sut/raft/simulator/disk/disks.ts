import type { Evidence } from "../../../../history/annotations.ts";
import type { ChangedByte } from "../../../../hosts/damage/draw.ts";
import type { Damage, DamageAction, DiskTrouble } from "../../../../hosts/host.ts";
import { type Injection, injection } from "../../../../hosts/injection.ts";
import { type Clock, nowMs, sleepMs } from "../../../../time/clock.ts";
import type { VirtualProcess } from "../process.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

/** How long a node is given to feel what is wrong with its disk; twice. */
const patienceMs = 500;
const lookMs = 20;

type Felt = Exclude<DiskTrouble, Damage>;

const effects: Record<Felt, string> = {
  full: "no space left on device (ENOSPC)",
  error: "i/o error (EIO)",
  slow: "each takes long",
};

interface MachineWithDisk {
  readonly id: string;
  readonly disk: SimulatedDisk;
  readonly process: VirtualProcess | null;
  /** Null as long as its process has not recovered. */
  readonly node: unknown;
}

type Trouble<Action> = (
  machine: MachineWithDisk,
  at: { readonly action: Action; readonly time: Clock },
) => Promise<Injection>;

/**
 * What faults do to the disks of simulated machines, one trouble at a time with each. Evidence: how often that was felt within
 * a second; of damage, for which nothing may run, what was changed. When it heals, bytes are as they were written, unless the
 * node runs and has taken them for good.
 */
export const diskActions = {
  "disk-full": afflictedBy("full"),
  "disk-error": afflictedBy("error"),
  "disk-slow": afflictedBy("slow"),
  "disk-flip": async (machine, { action }) => injection([damage(machine, "flip", action)], async () => [mend(machine)]),
  "disk-torn": async (machine, { action }) => injection([damage(machine, "torn", action)], async () => [mend(machine)]),
} satisfies Readonly<Record<`disk-${Felt}`, Trouble<unknown>> & Record<`disk-${Damage}`, Trouble<DamageAction>>>;

function afflictedBy(trouble: Felt): Trouble<unknown> {
  return async (machine, { time }) => injection([await afflict(machine, trouble, time)], async () => [mend(machine)]);
}

async function afflict({ id, disk }: MachineWithDisk, trouble: Felt, time: Clock): Promise<Evidence> {
  disk.afflict(trouble);
  await untilFelt(disk, time);
  // Files were made ahead of need, perhaps: then there is no room within them either.
  if (trouble === "full" && disk.felt === 0) disk.takeNothing();
  await untilFelt(disk, time);
  const observation = `${countOf(disk)} met with the disk's trouble: ${effects[trouble]}`;
  return { subject: id, observation, proves: disk.felt > 0 };
}

function mend({ id, disk, node: recovered }: MachineWithDisk): Evidence {
  const { changed, trouble } = disk;
  const changedBack = disk.mend({ undoesDamage: recovered === null });
  const damaged = trouble === "flip" ? "flipped bit" : "cut-off byte";
  const observation =
    trouble === "flip" || trouble === "torn"
      ? becameOf(damaged, changed.length, changedBack, recovered !== null)
      : `${countOf(disk)} met with its trouble`;
  return { subject: id, observation: `the disk is whole: ${observation}`, proves: disk.trouble === null };
}

async function untilFelt(disk: SimulatedDisk, time: Clock): Promise<void> {
  const untilMs = nowMs(time) + patienceMs;
  while (disk.felt === 0 && nowMs(time) < untilMs) await sleepMs(time, lookMs);
}

function damage({ id: node, disk, process }: MachineWithDisk, kind: Damage, range: DamageAction): Evidence {
  if (process !== null) throw new Error(`${node} runs: damage would go unnoticed now`);
  disk.afflict(kind, range);
  const { changed } = disk;
  const observation = kind === "flip" ? flipped(changed) : torn(changed);
  return { subject: node, observation, proves: changed.length > 0 };
}

function flipped(changed: readonly ChangedByte[]): string {
  const places = changed.map(({ path, offset }) => `${path} at byte ${offset}`);
  return `${places.length} bits flipped: ${places.join(", ")}`;
}

function torn(changed: readonly ChangedByte[]): string {
  const [first] = changed;
  return first === undefined ? "nothing was written" : `${first.path} is cut off at byte ${first.offset}`;
}

function becameOf(what: string, count: number, changedBack: number, nodeRuns: boolean): string {
  if (nodeRuns) return `${count} ${what}s stay, for the node runs with them`;
  const over = count > changedBack ? `; ${count - changedBack} were written over` : "";
  return `${changedBack} ${what}s are as they were written${over}`;
}

function countOf({ felt }: SimulatedDisk): string {
  return felt === 1 ? "1 write or sync" : `${felt} writes or syncs`;
}
