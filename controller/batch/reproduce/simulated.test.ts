import { expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import { testRecord } from "../../plan/test-record.ts";
import { brokenOff } from "../trials/trial.ts";
import { failingBy, simulated } from "./simulated.ts";

const recordOf = (options: object) => testRecord(makePlan(options, 7), new Date(0)).options!;

test("the plan of a run on machines goes on in virtual time, with each seed", () => {
  const recorded = recordOf({
    nodes: 3,
    readMode: "local",
    nemesis: ["partition:leader"],
    set: { preVote: false },
    seed: 4,
  });
  const { optionsOf, leftOut } = simulated(recorded, false);
  expect(leftOut).toEqual([]);
  const plan = makePlan(optionsOf(12), 0);
  expect(plan).toMatchObject({ seed: 12, nodes: ["n1", "n2", "n3"], readMode: "local", nemesis: ["partition:leader"] });
  expect(plan).toMatchObject({ backend: { name: "sim" }, knobs: { preVote: false } });
  expect(plan.checkers).not.toContain("invariants");
});

test("invariants are looked at only where one of them was broken", () => {
  expect(makePlan(simulated(recordOf({}), true).optionsOf(1), 0).checkers).toContain("invariants");
});

test("options of the backend and what stops a run early are left out, and a long run becomes a short one", () => {
  const recorded = recordOf({ backend: "docker", image: "mine", failFast: true, timeLimit: "30m" });
  const { optionsOf, timeLimitMs } = simulated(recorded, false);
  expect(timeLimitMs).toBe(120_000);
  expect(makePlan(optionsOf(1), 0)).toMatchObject({ timeLimitMs, failFast: false });
});

test("a run that fails otherwise is no reproduction", () => {
  const failed = { ...brokenOff("x"), verdict: "invalid", failure: "I5", summary: "I5 was broken" } as const;
  expect(failingBy("I5", failed)).toBe(failed);
  expect(failingBy("register", failed)).toMatchObject({
    verdict: "unknown",
    summary: "fails by I5, not by register: I5 was broken",
  });
});
