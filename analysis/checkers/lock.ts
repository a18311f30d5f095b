import type { Checker } from "../checker.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { foreignReleases, type Hold, holdsOf, overlaps, retiredProcesses } from "../objects/lock/holds.ts";
import { byKey, type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural } from "../objects/phrases.ts";
import { type Quantiles, quantilesOf } from "../objects/quantiles.ts";
import type { Clock } from "../register/orders.ts";

/** `checkers.lock`. */
export interface LockResult extends ObjectResult {
  /** Times during which a process certainly held a lock. */
  readonly holds: number;
  /** How long they lasted, of those that ended. */
  readonly heldMs: Quantiles | null;
}

/**
 * Locks that never expire, one a key: `acquire` and `release`. Whether two processes certainly held one at the same
 * time, and whether one was released by a process that certainly did not hold it. Acquires of unknown outcome may have
 * taken the lock or not, so nothing is concluded from them.
 */
export const lockChecker: Checker<LockResult> = {
  name: "lock",
  forms: [objectForm],
  check: (history) => checkLocks(objectOperations(history)),
};

function checkLocks(operations: readonly ObjectOperation[]): LockResult {
  const judgement = new Judgement();
  const all: Hold[] = [];
  const retired = retiredProcesses(operations);
  for (const [key, ofKey] of byKey(operations)) {
    const ofLock = ofKey.filter(({ f }) => f === "acquire" || f === "release");
    if (ofLock.length === 0) continue;
    const holds = holdsOf(ofLock, retired);
    for (const hold of holds) all.push(hold);
    const released = ofLock.filter(({ f, outcome }) => f === "release" && outcome === "ok").length;
    judgement.tested(key, ofLock.length, holds.length + released);
    for (const [first, second] of overlaps(holds)) tellHeldTwice(judgement, key, first, second);
    for (const release of foreignReleases(ofLock, retired)) tellForeign(judgement, key, release);
  }
  const concluded = judgement.conclude({
    valid: `${plural(all.length, "time")} a lock was held, never by two at once`,
    untested: "no lock was ever acquired or released",
    remedy: "check that clients reach the cluster",
  });
  const ended = all.flatMap(({ acquire, release }) =>
    release === null ? [] : [(release.invokedAtNs - acquire.completedAtNs) / 1e6],
  );
  return { ...concluded, holds: all.length, heldMs: quantilesOf(ended) };
}

function tellHeldTwice(judgement: Judgement, key: string, first: Hold, second: Hold): void {
  const operations = [first.acquire, second.acquire, ...(first.release === null ? [] : [first.release])];
  judgement.add({
    ...{ kind: "held-twice", key, operations },
    sentence: (seconds) => {
      const until = howEnded(first.release, seconds);
      const { process, completedAtNs } = second.acquire;
      return (
        `process ${process} held the lock from ${seconds(completedAtNs)} on, though process ${first.acquire.process} had ` +
        `held it since ${seconds(first.acquire.completedAtNs)} and ${until}`
      );
    },
  });
}

function howEnded(release: ObjectOperation | null, seconds: Clock): string {
  if (release === null) return "never released it";
  const asked = seconds(release.invokedAtNs);
  if (release.outcome === "fail") return `first asked to release it at ${asked}, which was refused`;
  return release.outcome === "ok" ? `released it only from ${asked} on` : `may have released it only from ${asked} on`;
}

function tellForeign(judgement: Judgement, key: string, release: ObjectOperation): void {
  judgement.add({
    ...{ kind: "foreign-release", key, operations: [release] },
    sentence: (seconds) =>
      `process ${release.process} released the lock by ${seconds(release.completedAtNs)}, but certainly did not hold it`,
  });
}
