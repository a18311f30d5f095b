import type { Fault } from "./fault.ts";
import { kill } from "./kill.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";

/** Every fault; `--nemesis` takes these names, help and reports read this list. */
export const faults: readonly Fault[] = [partition, kill, pause];
