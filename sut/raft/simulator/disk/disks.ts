import type { Evidence } from "../../../../history/annotations.ts";
import type { DiskTrouble } from "../../../../hosts/host.ts";
import { type Injection, injection } from "../../../../hosts/injection.ts";
import { type Clock, nowMs, sleepMs } from "../../../../time/clock.ts";
import type { VirtualProcess } from "../process.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

/** How long a node is given to feel what is wrong with its disk; twice. */
const patienceMs = 500;
const lookMs = 20;

const effects: Record<Exclude<DiskTrouble, "flip">, string> = {
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

type Trouble = (machine: MachineWithDisk, at: { readonly time: Clock }) => Promise<Injection>;

/**
 * What faults do to the disks of simulated machines, one trouble at a time with each. Evidence: how often that was felt within
 * a second; of `disk-flip`, for which nothing may run, what was changed. When it heals, flipped bits are as they were written,
 * unless the node runs and has taken them for good.
 */
export const diskActions: Readonly<Record<`disk-${DiskTrouble}`, Trouble>> = {
  "disk-full": afflictedBy("full"),
  "disk-error": afflictedBy("error"),
  "disk-slow": afflictedBy("slow"),
  "disk-flip": async (machine) => injection([flip(machine)], async () => [mend(machine)]),
};

function afflictedBy(trouble: Exclude<DiskTrouble, "flip">): Trouble {
  return async (machine, { time }) => injection([await afflict(machine, trouble, time)], async () => [mend(machine)]);
}

async function afflict(
  { id, disk }: MachineWithDisk,
  trouble: Exclude<DiskTrouble, "flip">,
  time: Clock,
): Promise<Evidence> {
  disk.afflict(trouble);
  await untilFelt(disk, time);
  // Files were made ahead of need, perhaps: then there is no room within them either.
  if (trouble === "full" && disk.felt === 0) disk.takeNothing();
  await untilFelt(disk, time);
  const observation = `${countOf(disk)} met with the disk's trouble: ${effects[trouble]}`;
  return { subject: id, observation, proves: disk.felt > 0 };
}

function mend({ id, disk, node: recovered }: MachineWithDisk): Evidence {
  const { flipped, trouble } = disk;
  const flippedBack = disk.mend({ flipsBack: recovered === null });
  const observation =
    trouble === "flip"
      ? becameOf(flipped.length, flippedBack, recovered !== null)
      : `${countOf(disk)} met with its trouble`;
  return { subject: id, observation: `the disk is whole: ${observation}`, proves: disk.trouble === null };
}

async function untilFelt(disk: SimulatedDisk, time: Clock): Promise<void> {
  const untilMs = nowMs(time) + patienceMs;
  while (disk.felt === 0 && nowMs(time) < untilMs) await sleepMs(time, lookMs);
}

function flip({ id: node, disk, process }: MachineWithDisk): Evidence {
  if (process !== null) throw new Error(`${node} runs: bits that flip now would go unnoticed`);
  disk.afflict("flip");
  const places = disk.flipped.map(({ path, offset }) => `${path} at byte ${offset}`);
  const observation = `${places.length} bits flipped: ${places.join(", ")}`;
  return { subject: node, observation, proves: places.length > 0 };
}

function becameOf(bits: number, flippedBack: number, nodeRuns: boolean): string {
  if (nodeRuns) return `${bits} flipped bits stay, for the node runs with them`;
  const over = bits > flippedBack ? `; ${bits - flippedBack} were written over` : "";
  return `${flippedBack} flipped bits are as they were written${over}`;
}

function countOf({ felt }: SimulatedDisk): string {
  return felt === 1 ? "1 write or sync" : `${felt} writes or syncs`;
}
