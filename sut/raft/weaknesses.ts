import type { Weakness } from "../../history/test-record.ts";
import type { SystemOptions } from "../system.ts";
import { knobsSchema } from "./node/knobs.ts";

/** What each read mode gives up (§6.4); those that ask a majority give up nothing. */
const ofReadModes: Readonly<Record<string, Omit<Weakness, "setting">>> = {
  local: {
    allows: "any node answers a read from its own state and asks nobody whether that is behind",
    instead: "--read-mode read-index asks a majority first",
  },
  leader: {
    allows: "a node that believes it leads answers reads and asks nobody, so that a deposed leader answers them too",
    instead: "--read-mode read-index asks a majority first",
  },
  lease: {
    allows: "a leader answers reads alone as long as its own clock says that its lease is valid",
    instead: "--read-mode read-index relies on no clock; a larger leaseDriftPercent bears clocks that differ more",
    beside: ["clock", "suspend"],
  },
};

const withoutFsync: Weakness = {
  setting: "--set fsync=false",
  allows: "a node acknowledges writes that its disk does not hold yet, and a loss of power takes them",
  instead: "--set fsync=true waits for the disk first",
  beside: ["kill", "disk"],
};

/** What the store cannot promise with these settings, though it does what they say. */
export function weaknesses({ readMode, knobs }: SystemOptions): readonly Weakness[] {
  const ofReads = ofReadModes[readMode];
  return [
    ...(ofReads === undefined ? [] : [{ setting: `--read-mode ${readMode}`, ...ofReads }]),
    ...(knobsSchema.parse(knobs).fsync ? [] : [withoutFsync]),
  ];
}
