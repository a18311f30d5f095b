import { expect, test } from "vitest";
import { brokenOff } from "../../controller/batch/trials/trial.ts";
import { printReproduction, type Reproduction } from "./outcome.ts";

const nothing = { verdict: "unknown", interrupted: false, failures: [], undecided: [], digests: [] } as const;
const outcome: Reproduction = {
  seeds: { first: 1, last: 200 },
  result: { ...nothing, done: 200, operations: 900, virtualMs: 90_000 },
  ...{ first: null, shrunk: null, warnings: [], seconds: 1.25 },
  ...{ failure: "register", leftOut: ["hog"], timeLimitMs: 60_000 },
};
const trial = (failure: string) => ({ ...brokenOff("x"), summary: `${failure} failed`, failure });

function printed(changed: Partial<Reproduction>, json: boolean): string {
  const written: string[] = [];
  printReproduction({ ...outcome, ...changed }, json, { write: (text) => written.push(text) });
  return written.join("");
}

test("a search that found nothing says how far it looked, and what it could not simulate", () => {
  const result = { ...outcome.result, undecided: [{ seed: 3, options: {}, trial: trial("I5") }] };
  const text = printed({ result }, false);
  expect(text).toContain("! without hog, which cannot be simulated");
  expect(text).toContain(
    "? NOT REPRODUCED: no run of 200, of 60 s each, failed by register; 1 other run failed in another way",
  );
  expect(JSON.parse(printed({ result }, true))).toMatchObject({
    reproduced: false,
    otherFailures: 1,
    leftOut: ["hog"],
  });
});

test("a run that fails in the same way is told with its seed", () => {
  const result = { ...outcome.result, failures: [{ seed: 17, options: {}, trial: trial("register") }] };
  expect(printed({ result }, false)).toContain("✗ REPRODUCED by seed 17: register failed");
  expect(JSON.parse(printed({ result }, true))).toMatchObject({ reproduced: true, seed: 17, failure: "register" });
});
