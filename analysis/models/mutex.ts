import { family, illegal, type Model, unknownFunction } from "./model.ts";

/** A lock. Who holds it is not part of it, so that a lock may be handed on. */
export const mutexModel = family("mutex", "a lock: acquire, release", ({ initial }): Model<boolean> => {
  return {
    name: "mutex",
    init: initial === true,
    step: (held, { f }) => (held === (f === "acquire") ? illegal : !held),
    isPure: () => false,
    observes: () => true,
    objection: (operation) => unknownFunction(operation, ["acquire", "release"]),
    states: () => [false, true],
    describeState: (held) => `the lock is ${held ? "held" : "free"}`,
    tell: ({ f }) => (f === "acquire" ? "acquired the lock" : "released the lock"),
    whyNot: (held) => (held ? "needs the lock to be free, it is held" : "needs the lock to be held, it is free"),
  };
});
