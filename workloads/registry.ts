import { register } from "./register.ts";
import type { Workload } from "./workload.ts";

/** Every workload; `--workload` takes these names. */
export const workloads: readonly Workload[] = [register];
