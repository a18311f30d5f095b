import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { votersOnly } from "./membership.ts";
import { jointReached, jointVote, majorityReached, majorityVote } from "./quorum.ts";

const fixtures = join(import.meta.dirname, "../../../../shared/fixtures/raft-testdata/quorum/testdata");
const files = ["majority_commit.txt", "majority_vote.txt", "joint_commit.txt", "joint_vote.txt"];

describe.skipIf(!existsSync(fixtures))(`quorum cases of ${fixtures} (skipped where absent)`, () => {
  const cases = existsSync(fixtures) ? files.flatMap((file) => casesOf(file)) : [];

  test("all 127 are there", () => expect(cases).toHaveLength(127));

  test.each(cases)("$file $place: $command", ({ command, expected }) => {
    expect(answer(command)).toBe(expected);
  });
});

test("the reached index is the highest that a majority has, by counting", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }), (reached) => {
      const voters = reached.map((_, i) => `S${i}`);
      const counted = [0, 1, 2, 3, 4, 5].filter((n) => reached.filter((r) => r >= n).length > reached.length / 2);
      expect(majorityReached(voters, (voter) => reached[voters.indexOf(voter)] ?? 0)).toBe(Math.max(...counted));
    }),
  );
});

interface Case {
  readonly file: string;
  readonly place: number;
  readonly command: string;
  readonly expected: string;
}

/** A case: a command, `----`, then its output up to a blank line; the last line is the answer. */
function casesOf(file: string): Case[] {
  const lines = readFileSync(join(fixtures, file), "utf8").split("\n");
  return lines.flatMap((line, i) => {
    if (line !== "----") return [];
    const end = lines.indexOf("", i);
    return [{ file, place: i, command: lines[i - 1] ?? "", expected: (lines[end - 1] ?? "").replace(/^<.*>/, "") }];
  });
}

/** `committed|vote cfg=(ids) [cfgj=(ids)|zero] idx=(…)|votes=(…)`; values go to the voters in order of mention. */
function answer(command: string): string {
  const list = (name: string) => {
    const text = new RegExp(`\\b${name}=\\(([^)]*)\\)`).exec(command)?.[1] ?? "";
    return text.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
  };
  const membership = { ...votersOnly(list("cfg")), outgoing: list("cfgj") };
  const joint = command.includes("cfgj=");
  const voters = [...new Set([...membership.incoming, ...membership.outgoing])];
  const value = (name: string, voter: string) => list(name)[voters.indexOf(voter)] ?? "_";
  if (command.startsWith("vote")) {
    const vote = (voter: string) => ({ y: true, n: false })[value("votes", voter)];
    const result = joint ? jointVote(membership, vote) : majorityVote(membership.incoming, vote);
    return { won: "VoteWon", lost: "VoteLost", pending: "VotePending" }[result];
  }
  const reached = (voter: string) => (value("idx", voter) === "_" ? 0 : Number(value("idx", voter)));
  const index = joint ? jointReached(membership, reached) : majorityReached(membership.incoming, reached);
  return index === Number.POSITIVE_INFINITY ? "∞" : `${index}`;
}
