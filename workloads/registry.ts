import { append } from "./append.ts";
import { availability } from "./availability.ts";
import { bank } from "./bank.ts";
import { casRegister } from "./cas-register.ts";
import { counter } from "./counter.ts";
import { lock } from "./lock.ts";
import { longFork } from "./long-fork.ts";
import { monotonic } from "./monotonic.ts";
import { multiRegister } from "./multi-register.ts";
import { queue } from "./queue.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";
import { uniqueIds } from "./unique-ids.ts";
import type { Workload } from "./workload.ts";
import { wr } from "./wr.ts";

/** Every workload; `--workload` takes these names. */
export const workloads: readonly Workload[] = [
  register,
  casRegister,
  multiRegister,
  set,
  counter,
  queue,
  append,
  wr,
  bank,
  longFork,
  monotonic,
  uniqueIds,
  lock,
  availability,
];
