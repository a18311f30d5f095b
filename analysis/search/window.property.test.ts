import { expect, it, test } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { type ModelName, models } from "../models/registry.ts";
import { objectsOf } from "./collect.ts";
import { searchOnce } from "./decide.ts";
import { anyStateOf, problemOf } from "./problem.ts";
import { scheduleOf } from "./schedule.ts";
import { type Play, plays } from "./test-support/plays.ts";
import { distort, eventsOf, oracleAccepts, playHistory } from "./test-support/random-object.ts";
import { windowOf } from "./window.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
const histories = Number(process.env["KEELHAUL_WINDOWS"] ?? 12_000);

/** Looks through windows of every size at every return; returns how many histories some window refuted. */
function refute(play: Play): { refuted: number; invalid: number } {
  const counts = { refuted: 0, invalid: 0 };
  const model = models[play.model as ModelName].create();
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, `windows ${play.model}`);
    const domain = random.integer(1, 3);
    const info = random.pick([0, 0.1, 0.3]);
    const operations = playHistory(play, random, { operations: random.integer(4, 9), clients: 3, info, domain });
    if (i % 2 === 0) distort(play, random, operations, domain);
    const valid = oracleAccepts(play, operations);
    if (!valid) counts.invalid++;
    const refuted = objectsOf(eventsOf(operations), model).some((object) => {
      const problem = problemOf(model, object.operations);
      const schedule = scheduleOf(problem);
      const anyState = anyStateOf(model, object.operations, problem.machine);
      if (schedule === null || anyState === null) return false;
      return [...schedule.returns.keys()].some((far) =>
        [1, 2, 3, 5].some(
          (size) => searchOnce(windowOf(problem, schedule, far, size, anyState), 5000, () => true) === "invalid",
        ),
      );
    });
    if (refuted) counts.refuted++;
    if (refuted && valid) throw new Error(`history ${i} of KEELHAUL_SEED=${seed}, ${play.model}: refuted, but valid`);
  }
  return counts;
}

/** Windows begin in every state that there may be; models that cannot say which these are have none. */
const withWindows = plays.filter(({ model: name }) => {
  const model = models[name as ModelName].create();
  return model.states !== undefined || model.anyState !== undefined;
});

test("most models have windows", () => {
  expect(withWindows.length).toBeGreaterThan(plays.length / 2);
});

for (const play of withWindows) {
  it(`windows never refute a history of ${play.model} that has an order`, () => {
    const { refuted, invalid } = refute(play);
    expect(refuted).toBeGreaterThan(invalid / 4);
  });
}
