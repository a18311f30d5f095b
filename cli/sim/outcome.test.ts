import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { emptyOverview } from "../../analysis/overview.ts";
import { brokenOff } from "../../controller/batch/trials/trial.ts";
import { type CampaignOutcome, printCampaign } from "./outcome.ts";

const options = { system: "memory", backend: "sim", timeLimit: "10s" };
const nothing = { verdict: "valid", interrupted: false, failures: [], undecided: [], digests: [] } as const;
const outcome: CampaignOutcome = {
  seeds: { first: 1, last: 9 },
  result: { ...nothing, done: 9, operations: 900, virtualMs: 90_000 },
  ...{ first: null, shrunk: null, warnings: [], seconds: 1.25 },
};
const undecided = (given: object) => ({ seed: 3, options: { ...options, ...given }, trial: brokenOff("why") });

function printed(changed: Partial<CampaignOutcome>, json: boolean): string {
  let text = "";
  const output = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  printCampaign({ ...outcome, ...changed }, json, output);
  return text;
}
const forPrograms = (changed: Partial<CampaignOutcome>): unknown => JSON.parse(printed(changed, true));

test("a seed that was inconclusive is told with its command, and one whose options are refused without", () => {
  const result = { ...outcome.result, undecided: [undecided({}), undecided({ nemesis: "kill", timeLimit: "1s" })] };
  const { undecided: told } = forPrograms({ result }) as { undecided: { command: string | null }[] };
  expect(told[0]).toMatchObject({ seed: 3, verdict: "unknown", summary: "the run broke off: why" });
  expect(told[0]!.command).toContain("--system memory");
  expect(told[1]!.command).toBeNull();
});

test("an interrupted campaign says so, and how many seeds were done", () => {
  const result = { ...outcome.result, verdict: "unknown", interrupted: true, done: 4 } as const;
  expect(forPrograms({ result })).toMatchObject({ interrupted: true, seeds: { first: 1, last: 9, done: 4 } });
  expect(printed({ result }, false)).toContain("? UNKNOWN: 0 of 4 runs failed, 0 inconclusive");
  expect(printed({ result }, false)).toContain("interrupted when 4 of 9 seeds were done");
  expect(forPrograms({})).toMatchObject({ interrupted: false });
  expect(printed({}, false)).not.toContain("interrupted");
});

test("a run that was not kept, and a report that was not written, are told of and cost nothing else", () => {
  const warnings = ["the run of seed 3 was not kept: the disk is full"];
  expect(forPrograms({ warnings })).toMatchObject({ verdict: "valid", run: null, report: null, warnings });
  expect(printed({ warnings }, false)).toContain(`  ! ${warnings[0]}\n`);
  const { operations } = emptyOverview;
  const faults = { injected: 0, effective: 0 };
  const results = { verdict: "invalid", summary: "", checkers: {}, operations, faults, warnings: [] } as const;
  const told = printed({ first: { results, folder: "store/sim", report: null, seconds: 1 } }, false);
  expect(told).toContain("  run         store/sim\n");
  expect(told).not.toContain("report");
});
