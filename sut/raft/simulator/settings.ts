import { z } from "zod";
import { expected, share } from "../../../errors/schemas.ts";
import type { RandomStream } from "../../../random/stream.ts";

const probability = share(0.01);
const range = (what: string, bound: z.ZodNumber) =>
  z.tuple([bound, bound], expected(what)).refine(([least, most]) => least <= most, expected(what));
const rangeMs = range("two numbers of milliseconds, the smaller first, such as [1,20]", z.number().min(0));

const network = z.strictObject({
  delayMs: rangeMs.describe("how long a message takes"),
  slow: probability.describe("share of messages that take `slowMs` instead"),
  slowMs: rangeMs,
  lose: probability.describe("share of messages that are lost"),
  duplicate: probability.describe("share of messages that arrive a second time"),
  reorder: probability.describe("share of messages that may overtake those before them"),
  resetsPerMinute: z.number().min(0).describe("connections that break in a minute, on each edge"),
  late: probability.describe("share of messages of which a copy arrives after `lateMs`"),
  lateMs: rangeMs,
  damage: probability.describe("share of pieces of snapshots in which a bit is flipped on the way"),
});

const disk = z.strictObject({
  syncMs: rangeMs.describe("how long a sync takes"),
  slow: probability.describe("share of syncs that take `slowMs` instead"),
  slowMs: rangeMs,
  readMs: rangeMs.describe("how long a read from a file takes"),
  losesUnsynced: z
    .boolean()
    .describe("three of four killed nodes lose their power too: what was not synced may be gone, or torn"),
  troubledMs: rangeMs.describe("how long a sync takes while the fault `disk:slow` lasts"),
  flippedBits: range("two numbers of bits, the smaller first, such as [1,3]", z.number().int().min(1)).describe(
    "how many bits the fault `disk:flip` flips",
  ),
});

const clocks = z.strictObject({
  driftPercent: z.number().min(0).max(200).describe("how much faster the fastest clock may run than the slowest"),
  offsetMs: z.number().min(0).describe("how far apart the clocks may be"),
});

/** How a simulated world is to be. What is left out is drawn from the seed. */
export const settingsSchema = z
  .strictObject({
    network: network.partial().prefault({}),
    disk: disk.partial().prefault({}),
    clocks: clocks.partial().prefault({}),
  })
  .prefault({});

/** Every setting of a simulated world. */
export interface SimulationSettings {
  readonly network: Readonly<z.output<typeof network>>;
  readonly disk: Readonly<z.output<typeof disk>>;
  readonly clocks: Readonly<z.output<typeof clocks>>;
}

export type RangeMs = readonly [least: number, most: number];

/**
 * Settings for one world. Each trouble is there in half of all worlds, and absent in the others: what one trouble hides,
 * another world shows (swarm testing).
 */
export function drawSettings(random: RandomStream, given: z.output<typeof settingsSchema>): SimulationSettings {
  const sometimes = (least: number, most: number): number => {
    const share = least + (most - least) * random.fraction();
    return random.fraction() < 0.5 ? share : 0;
  };
  const range = (least: number, most: number): [number, number] => {
    const [one, other] = [random.integer(least, most), random.integer(least, most)];
    return [Math.min(one, other), Math.max(one, other)];
  };
  const drawn = {
    network: {
      delayMs: random.pick([
        [0.1, 0.5],
        [0.5, 5],
        [1, 20],
      ]),
      slow: sometimes(0, 0.02),
      slowMs: range(20, 300),
      lose: sometimes(0, 0.02),
      duplicate: sometimes(0, 0.05),
      reorder: sometimes(0, 0.1),
      resetsPerMinute: sometimes(1, 20),
    },
    disk: {
      syncMs: random.pick([
        [0.1, 0.3],
        [0.5, 3],
        [2, 15],
      ]),
      slow: sometimes(0, 0.01),
      slowMs: range(50, 400),
      losesUnsynced: random.fraction() < 0.75,
    },
    clocks: { driftPercent: sometimes(0, 9), offsetMs: sometimes(0, 1e6) },
  };
  const troubled = { troubledMs: range(100, 1500), flippedBits: range(1, 3) };
  // Drawn last, as whatever is added will be, so that the draws above stay what they are.
  const damage = sometimes(0.01, 0.2);
  const readMs = random.pick([
    [0, 0],
    [0, 0],
    [0.1, 2],
    [20, 200],
  ]);
  const late = sometimes(0.02, 0.1);
  const lateMs = range(500, 20_000);
  return {
    network: network.parse({ ...drawn.network, damage, late, lateMs, ...given.network }),
    disk: disk.parse({ ...drawn.disk, ...troubled, readMs, ...given.disk }),
    clocks: clocks.parse({ ...drawn.clocks, ...given.clocks }),
  };
}
