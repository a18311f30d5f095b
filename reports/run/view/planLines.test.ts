import { expect, test } from "vitest";
import { syntheticRun } from "../../../tests/report-support.ts";
import { planLines } from "./planLines.ts";

const { test: plan } = syntheticRun({ seed: 1, verdict: "valid", seconds: 1 });
const knobs = { electionTimeoutMs: 300, preVote: true };
const mutant = { id: "M24", name: "commit-old-term", breaks: "counts copies of old entries" };

test("settings that differ from their defaults come first: the mutant, then the others, then single knobs", () => {
  const record = {
    ...plan,
    knobs,
    mutant,
    readMode: "local",
    changed: ["readMode", "mutant", "knobs.electionTimeoutMs"],
  };
  const { changed, others } = planLines(record);
  expect(changed).toEqual([
    { name: "mutant", value: "M24 commit-old-term" },
    { name: "read mode", value: "local" },
    { name: "electionTimeoutMs", value: "300" },
  ]);
  expect(others).toContainEqual({ name: "other knobs", value: "preVote=true" });
  expect(others.map(({ name }) => name)).not.toContain("read mode");
});

test("a record that does not say what was changed lists everything alike", () => {
  const { changed, others } = planLines({ ...plan, knobs });
  expect(changed).toEqual([]);
  expect(others).toContainEqual({ name: "knobs", value: "electionTimeoutMs=300, preVote=true" });
});

test("numbers have separators and units, and requirements are said in words", () => {
  const budgets = { minAnsweredShare: 0.95, maxRecoveryMs: 3000, maxElectionsPerFault: 0.5 };
  const { others } = planLines({ ...plan, rate: 12_000, concurrency: 1, timeLimitMs: 90_000, budgets });
  expect(others).toContainEqual({ name: "rate", value: "12,000 operations per second" });
  expect(others).toContainEqual({ name: "concurrency", value: "1 client" });
  expect(others).toContainEqual({ name: "time limit", value: "90 s" });
  expect(others.find(({ name }) => name === "availability")?.value).toMatch(
    /^at least 95.% answered, recovery within 3 s, at most 0.5 elections per fault$/,
  );
});
