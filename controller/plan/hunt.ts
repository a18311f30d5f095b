import { kill } from "../../nemesis/kill.ts";
import { partition } from "../../nemesis/partition.ts";
import { pause } from "../../nemesis/pause.ts";
import { randomStream } from "../../random/stream.ts";
import { type Drawn, drawFaults, isAble } from "./draw-faults.ts";
import { sparseMinLoadShare } from "./min-load.ts";

/** Options as a plan takes them, not checked yet. */
type Options = Readonly<Record<string, unknown>>;

/** Faults that happen together: a node that starts again in a partition, a leader that is paused while others are cut off. */
const together = [
  { words: "partition:leader+kill:restart", parts: [partition, kill] },
  { words: "partition+kill:restart+pause:one", parts: [partition, kill, pause] },
  { words: "partition:rotating+pause:one", parts: [partition, pause] },
  { words: "pause:leader+kill:one", parts: [pause, kill] },
];

/**
 * Options with what `--hunt` chooses from the seed where they say nothing: small limits of the store, as campaigns draw them,
 * any of its linearizable read modes, and several faults at once beside the usual ones.
 */
export function withHunt(options: Options, on: Drawn): Options {
  const random = randomStream(on.seed, "hunt");
  const { set, nemesis, schedule } = options;
  const knobs = typeof set === "object" && set !== null ? (set as Options) : {};
  const swarm = on.system.simulated?.swarm;
  const draw = swarm?.drawHuntKnobs ?? swarm?.drawKnobs;
  const readMode = random.pick(swarm?.readModes ?? on.system.readModes);
  const drawnKnobs = { ...draw?.(random, knobs), ...knobs };
  const faults = [...drawFaults(on, random), ...drawTogether(on)];
  const words = faults.length > 1 ? faults.filter((word) => word !== "none") : faults;
  return {
    ...{ readMode, minLoad: swarm?.minLoadShare?.(drawnKnobs, words) ?? sparseMinLoadShare },
    ...(schedule === undefined && nemesis === undefined ? { nemesis: words } : {}),
    ...options,
    set: drawnKnobs,
  };
}

/** Words of `--nemesis` for faults that happen together, two of those that work there. */
export function drawTogether(on: Drawn): readonly string[] {
  const able = together.filter(({ parts }) => parts.every((fault) => isAble(fault, on)));
  const random = randomStream(on.seed, "hunt together");
  return random
    .shuffle(able)
    .slice(0, 2)
    .map(({ words }) => words);
}
