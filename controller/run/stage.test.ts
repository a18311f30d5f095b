import { expect, test } from "vitest";
import { wallClock } from "../../time/clock.ts";
import { stage } from "./stage.ts";

const clock = wallClock();

test("a stage that gets stuck is named, with what it was busy with and its own time limit", async () => {
  const stuck = stage(clock, "starting nodes", 20, (doing) => {
    doing("starting n3");
    return new Promise<void>(() => {});
  });
  await expect(stuck).rejects.toThrow("starting nodes: stuck while starting n3, not done within 20ms");
});

test("a stage that fails is named too, and keeps its cause", async () => {
  const cause = new Error("port 7001 in use");
  const failed = stage(clock, "starting nodes", 1000, async (doing) => {
    doing("starting n2");
    throw cause;
  });
  await expect(failed).rejects.toMatchObject({ message: "starting nodes: starting n2: port 7001 in use", cause });
});

test("the result of a stage is its deed's", async () => {
  expect(await stage(clock, "adding", 1000, async () => 1 + 1)).toBe(2);
});

test("what a stuck stage had begun is told that the stage is over", async () => {
  let told = false;
  const stuck = stage(clock, "electing", 10, async (_doing, over) => {
    over.addEventListener("abort", () => {
      told = true;
    });
    return new Promise<void>(() => {});
  });
  await expect(stuck).rejects.toThrow("electing: stuck");
  expect(told).toBe(true);
});
