import type { Choice } from "../../nemesis/fault.ts";
import type { ScheduledChange, ScheduledFault } from "../../nemesis/schedule.ts";
import type { Plan } from "../plan/plan.ts";
import type { JudgeAlong } from "./judge-along.ts";
import type { Tell } from "./progress.ts";
import type { Recording } from "./recording.ts";
import type { World } from "./world.ts";

/** What the steps of one run share. */
export interface Run {
  readonly plan: Plan;
  /** Aborted by Ctrl-C: the run heals, stops everything, and keeps what was recorded. */
  readonly signal: AbortSignal;
  /** Aborted by a second Ctrl-C: it heals and stops everything, and leaves out what can be done without. */
  readonly hurry?: AbortSignal;
  readonly tell: Tell;
  readonly world: World;
  readonly recording: Recording;
  /** Where logs go; null for a run that leaves nothing behind. */
  readonly folder: string | null;
  readonly along: Pick<JudgeAlong, "violated" | "stop">;
  /** Hears whom each fault and change of the schedule hits. */
  readonly chosen: (due: ScheduledFault | ScheduledChange, choice: Choice) => void;
}
