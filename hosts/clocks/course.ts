import { z } from "zod";

const offsetMs = z.number();

/** How many times as fast a clock may run. */
export const clockRate = z.number().positive().max(10);

/** The schema of `ClockCourse`. */
export const clockCourse = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("jump"), offsetMs }),
  z.strictObject({ type: z.literal("drift"), rate: clockRate }),
  z.strictObject({ type: z.literal("strobe"), offsetMs, everyMs: z.number().min(10) }),
]);
