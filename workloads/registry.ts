import { append } from "./append.ts";
import { availability } from "./availability.ts";
import { bank } from "./bank.ts";
import { casRegister } from "./cas-register.ts";
import { causalReverse } from "./causal-reverse.ts";
import { counter } from "./counter.ts";
import { fencedLock } from "./fenced-lock.ts";
import { g2 } from "./g2.ts";
import { kafka } from "./kafka.ts";
import { lock } from "./lock.ts";
import { longFork } from "./long-fork.ts";
import { monotonic } from "./monotonic.ts";
import { monotonicKeys } from "./monotonic-keys.ts";
import { multiRegister } from "./multi-register.ts";
import { pnCounter } from "./pn-counter.ts";
import { queue } from "./queue.ts";
import { reentrantLock } from "./reentrant-lock.ts";
import { register } from "./register.ts";
import { semaphore } from "./semaphore.ts";
import { set } from "./set.ts";
import { uniqueIds } from "./unique-ids.ts";
import { upsert } from "./upsert.ts";
import type { Workload } from "./workload.ts";
import { wr } from "./wr.ts";

/** Every workload; `--workload` takes these names. */
export const workloads: readonly Workload[] = [
  register,
  casRegister,
  multiRegister,
  set,
  counter,
  pnCounter,
  queue,
  append,
  wr,
  bank,
  longFork,
  causalReverse,
  g2,
  upsert,
  monotonic,
  monotonicKeys,
  kafka,
  uniqueIds,
  lock,
  reentrantLock,
  fencedLock,
  semaphore,
  availability,
];
