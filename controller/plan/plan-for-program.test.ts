import { expect, test } from "vitest";
import { UsageError } from "../../errors/errors.ts";
import { planForProgram } from "./plan-for-program.ts";

test.each([
  [{ nodes: Number.NaN }, "nodes: got NaN; expected a whole number from 1 to 15"],
  [{ rate: () => 3 }, "rate: got function rate; expected operations a second"],
  [{ seed: 1n }, "seed: got 1n; expected a whole number from 0 to 2147483647"],
  [{ timeLimit: Number.POSITIVE_INFINITY }, "timeLimit: got Infinity; expected a duration"],
  [{ readmode: "log" }, 'readmode: no such option; did you mean "readMode"?'],
  [{ nemesis: ["partitoin"] }, 'nemesis: got "partitoin"; did you mean "partition"?'],
  [{ set: { warp: 1 } }, "set.warp: no such knob of raft; known are electionTimeoutMs"],
  [{ schedule: { faults: [{ fault: "kill", variant: "one" }] } }, "schedule.faults.0.atMs: is missing"],
  [null, "options: got null; expected an object with options"],
])("case %#: a program is told of options as it spells them", (options, sentence) => {
  expect(() => planForProgram(options, 0)).toThrow(UsageError);
  expect(() => planForProgram(options, 0)).toThrow(sentence);
});
