import { nowMs, sleepMs } from "../../time/clock.ts";
import { onlyReads } from "../raft/client/questions.ts";
import type { Json, KvCommand, KvResult } from "../raft/kv/commands.ts";
import type { CarryOut, Site } from "./site.ts";
import { answerFrom, sometimesInstead, stepsOf, withoutComparing, writesOf } from "./spoilers.ts";

/** A believable defect of a replicated store, laid around what carries out questions. */
export interface Bug {
  readonly name: string;
  /** What the store does wrong, in one line. */
  readonly description: string;
  readonly spoil: (next: CarryOut, site: Site) => CarryOut;
}

/** How far a lagging node is behind. */
const lagMs = 200;
/** How long the effects of what was refused can be seen. */
const dirtyMs = 20;
/** The longest pause between two keys of a read that is not atomic. */
const fractureMs = 5;

const staleReplica: Bug = {
  name: "stale-replica",
  description: `the last node answers reads with its state of ${lagMs} ms ago`,
  spoil: (next, site) => async (question, node) => {
    if (!onlyReads(question) || node !== site.nodes.at(-1)) return next(question, node);
    const timeMs = nowMs(site.around.clock) - lagMs;
    return answerFrom(question, (key) => site.versions.at(key, timeMs));
  },
};

const longFork: Bug = {
  name: "long-fork",
  description: `half of the nodes learn of writes to half of the keys ${lagMs} ms late; the other half, of the other writes`,
  spoil: (next, site) => async (question, node) => {
    if (!onlyReads(question)) return next(question, node);
    const timeMs = nowMs(site.around.clock);
    const half = site.nodes.indexOf(node) % 2;
    return answerFrom(question, (key) => site.versions.at(key, halfOf(key) === half ? timeMs - lagMs : timeMs));
  },
};

const fracturedRead: Bug = {
  name: "fractured-read",
  description: "a read-only transaction reads one key after another while others write",
  spoil: (next, site) => async (question, node) => {
    if (!onlyReads(question) || "read" in question) return next(question, node);
    const seen = new Map<string, Json>();
    for (const [, key] of stepsOf(question)) {
      seen.set(key, seen.has(key) ? (seen.get(key) as Json) : site.get(key));
      await sleepMs(site.around.clock, site.around.random.integer(0, fractureMs));
    }
    return answerFrom(question, (key) => seen.get(key) ?? null);
  },
};

const lostAcknowledgement: Bug = {
  name: "lost-acknowledgement",
  description: "one write in twenty is acknowledged and never done",
  spoil: sometimesInstead(0.05, (command, site) => site.preview(command)),
};

const doubleApply: Bug = {
  name: "double-apply",
  description: "one append or incr in ten is done twice, as by a retry",
  spoil: sometimesInstead(0.1, (command, site) => {
    const result = site.commit(command);
    if (addsSomething(command)) site.commit(command);
    return result;
  }),
};

const reorderedQueue: Bug = {
  name: "reordered-queue",
  description: "one append in ten goes before the last element of the list instead of after it",
  spoil: sometimesInstead(0.1, (command, site) => {
    if (command.type === "txn") return reorderedAppends(command, site);
    if (command.type !== "append") return site.commit(command);
    const list = site.get(command.key);
    if (!Array.isArray(list) || list.length === 0) return site.commit(command);
    site.commit({ type: "put", key: command.key, value: [...list.slice(0, -1), command.element, list.at(-1)] });
    return { type: "ok", value: command.element };
  }),
};

/** Each list that was appended to has its last two elements change places. */
function reorderedAppends(command: KvCommand & { type: "txn" }, site: Site): KvResult {
  const result = site.commit(command);
  const keys = new Set(command.steps.flatMap(([kind, key]) => (kind === "append" ? [key] : [])));
  for (const key of result.type === "ok" ? keys : []) {
    const list = site.get(key);
    if (!Array.isArray(list) || list.length < 2) continue;
    site.commit({ type: "put", key, value: [...list.slice(0, -2), list.at(-1), list.at(-2)] });
  }
  return result;
}

const duplicateId: Bug = {
  name: "duplicate-id",
  description: "one incr in twenty answers the number that was handed out last, and counts nothing",
  spoil: sometimesInstead(0.05, (command, site) => {
    const number = command.type === "incr" ? site.get(command.key) : null;
    return typeof number === "number" ? { type: "ok", value: number } : site.commit(command);
  }),
};

const lostUpdate: Bug = {
  name: "lost-update",
  description: "one compare-and-set in five sets without comparing",
  spoil: sometimesInstead(0.2, withoutComparing),
};

const splitLock: Bug = {
  name: "split-lock",
  description: "one compare-and-set in three from an absent key succeeds although another client holds the key",
  spoil: sometimesInstead(0.33, withoutComparing, (command) => command.type === "cas" && command.expected === null),
};

const dirtyRead: Bug = {
  name: "dirty-read",
  description: `the values of a rejected compare-and-set or transaction can be read for ${dirtyMs} ms`,
  spoil: (next, site) => async (question, node) => {
    const result = await next(question, node);
    if ("read" in question || result.type !== "cas-mismatch") return result;
    const undo = writesOf(question.command).map(([key, value]) => {
      const before = site.get(key);
      site.commit({ type: "put", key, value });
      return () => site.commit({ type: "cas", key, expected: value, value: before });
    });
    await sleepMs(site.around.clock, dirtyMs);
    for (const putBack of undo.reverse()) putBack();
    return result;
  },
};

/** Every bug of the in-process store; `--set bug=` takes these names. */
export const bugs: readonly Bug[] = [
  staleReplica,
  longFork,
  fracturedRead,
  lostAcknowledgement,
  doubleApply,
  reorderedQueue,
  duplicateId,
  lostUpdate,
  splitLock,
  dirtyRead,
];

function addsSomething(command: KvCommand): boolean {
  if (command.type === "txn") return command.steps.some(([kind]) => kind === "append");
  return command.type === "append" || command.type === "incr";
}

/** Splits keys in two halves; neighbours such as k1 and k2 fall on different sides. */
function halfOf(key: string): number {
  return key.charCodeAt(key.length - 1) % 2;
}
