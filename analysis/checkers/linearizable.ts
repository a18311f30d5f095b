import { models } from "../models/registry.ts";
import { linearizable } from "../search/linearizable.ts";

/** The search for an order, a checker a model, by the names of `results.json`. */
export const linearizableCheckers = {
  "linearizable-register": linearizable(models.register.create()),
  "linearizable-cas-register": linearizable(models["cas-register"].create()),
  "linearizable-multi-register": linearizable(models["multi-register"].create()),
  "linearizable-mutex": linearizable(models.mutex.create()),
  "linearizable-reentrant-mutex": linearizable(models["reentrant-mutex"].create()),
  "linearizable-fenced-mutex": linearizable(models["fenced-mutex"].create()),
  "linearizable-semaphore": linearizable(models.semaphore.create()),
  "linearizable-set": linearizable(models.set.create()),
  "linearizable-counter": linearizable(models.counter.create()),
  "linearizable-fifo-queue": linearizable(models["fifo-queue"].create()),
  "linearizable-unordered-queue": linearizable(models["unordered-queue"].create()),
  "linearizable-stack": linearizable(models.stack.create()),
  "linearizable-kv-string": linearizable(models["kv-string"].create()),
} as const;
