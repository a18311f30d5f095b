import { churn } from "./churn.ts";
import { clock } from "./clock.ts";
import { disk } from "./disk.ts";
import { duplicate } from "./duplicate.ts";
import type { Fault } from "./fault.ts";
import { hog } from "./hog.ts";
import { kill } from "./kill.ts";
import { lossy } from "./lossy.ts";
import { membership } from "./membership.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { rate } from "./rate.ts";
import { reorder } from "./reorder.ts";
import { reset } from "./reset.ts";
import { slow } from "./slow.ts";
import { suspend } from "./suspend.ts";
import { transfer } from "./transfer.ts";

/** Every fault; `--nemesis` takes these names, help and reports read this list. */
export const faults: readonly Fault[] = [
  partition,
  kill,
  pause,
  suspend,
  clock,
  hog,
  slow,
  lossy,
  duplicate,
  reorder,
  rate,
  reset,
  disk,
  membership,
  churn,
  transfer,
];
