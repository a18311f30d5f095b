import { counterModel } from "./counter.ts";
import { fencedMutexModel } from "./fenced-mutex.ts";
import { kvStringModel } from "./kv-string.ts";
import type { ModelFamily } from "./model.ts";
import { multiRegisterModel } from "./multi-register.ts";
import { mutexModel } from "./mutex.ts";
import { fifoQueueModel, unorderedQueueModel } from "./queue.ts";
import { reentrantMutexModel } from "./reentrant-mutex.ts";
import { casRegisterModel, registerModel } from "./register.ts";
import { semaphoreModel } from "./semaphore.ts";
import { setModel } from "./set.ts";
import { stackModel } from "./stack.ts";

/** Every model by its name. To add one is to add a file and a line. */
export const models = {
  register: registerModel,
  "cas-register": casRegisterModel,
  "multi-register": multiRegisterModel,
  mutex: mutexModel,
  "reentrant-mutex": reentrantMutexModel,
  "fenced-mutex": fencedMutexModel,
  semaphore: semaphoreModel,
  set: setModel,
  counter: counterModel,
  "fifo-queue": fifoQueueModel,
  "unordered-queue": unorderedQueueModel,
  stack: stackModel,
  "kv-string": kvStringModel,
} as const satisfies Record<string, ModelFamily>;
export type ModelName = keyof typeof models;
