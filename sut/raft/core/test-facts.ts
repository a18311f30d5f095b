import { isVoter } from "./membership.ts";
import { type Interaction, nodeOf, printed } from "./test-interaction.ts";
import type { ScriptCase } from "./test-script.ts";
import type { NodeId, Role } from "./types.ts";

/** Something that a script's expected output says, and how to see it on our cores. */
export interface Fact {
  readonly what: string;
  readonly expected: unknown;
  readonly seen: (run: Interaction) => unknown;
}

/** The facts in what a command is to print: of nodes, never of wording or of single messages. */
export function factsOf({ command, words, expected }: ScriptCase): Fact[] {
  const lines = expected.split("\n");
  if (command === "raft-state") return lines.flatMap(stateFacts);
  if (command === "status") return lines.flatMap((line) => progressFacts(nodeOf(words[0]), line));
  if (command === "raft-log") return logFacts(nodeOf(words[0]), lines);
  return [...events(lines, command === "process-ready" ? words[0] : undefined)].map(([what, fact]) => ({
    what,
    ...fact,
  }));
}

const roles: Readonly<Record<string, Role>> = {
  Follower: "follower",
  PreCandidate: "pre-candidate",
  Candidate: "candidate",
  Leader: "leader",
};

function stateFacts(line: string): Fact[] {
  const [, word, role = "", votes, term, lead] =
    /^(\d+): State(\w+) \(([\w-]+)\) Term:(\d+) Lead:(\d+)$/.exec(line) ?? [];
  if (word === undefined) return [];
  const id = nodeOf(word);
  const expected = [roles[role], votes === "Voter", Number(term), lead === "0" ? null : nodeOf(lead)];
  const seen = ({ cluster }: Interaction) => {
    const state = cluster.state(id);
    const applied = state.log.membershipAt(state.commitIndex);
    return [state.role, isVoter(applied, id), state.term, state.leader];
  };
  return [{ what: `${id}: role, vote, term, leader`, expected, seen }];
}

function progressFacts(leader: NodeId, line: string): Fact[] {
  const [, word, match] = /^(\d+): State\w+ match=(\d+)/.exec(line) ?? [];
  if (word === undefined) return [];
  const id = nodeOf(word);
  const seen = ({ cluster }: Interaction) => {
    const { leadership, disk } = cluster.state(leader);
    return id === leader ? disk.durableIndex : leadership?.progress.get(id)?.matchIndex;
  };
  return [{ what: `match of ${id}`, expected: Number(match), seen }];
}

function logFacts(id: NodeId, lines: readonly string[]): Fact[] {
  const expected = lines.flatMap((line) => {
    const [, term, index, kind] = /^(\d+)\/(\d+) Entry(\w+)/.exec(line) ?? [];
    return index === undefined ? [] : [`${term}/${index}${kind === "Normal" ? "" : " config"}`];
  });
  const [, last] = /^log is empty: .*last index=(\d+)$/.exec(lines[0] ?? "") ?? [];
  if (last !== undefined) {
    return [
      { what: `end of ${id}'s empty log`, expected: Number(last), seen: (run) => run.cluster.state(id).log.lastIndex },
    ];
  }
  const seen = ({ cluster }: Interaction) =>
    cluster
      .node(id)
      .disk.entries.map(({ term, index, kind }) => `${term}/${index}${kind === "config" ? " config" : ""}`);
  return [{ what: `log of ${id}`, expected, seen }];
}

/** What is true of each node after the last line about it. */
function events(lines: readonly string[], owner: string | undefined): Map<string, Omit<Fact, "what">> {
  const facts = new Map<string, Omit<Fact, "what">>();
  let ready = owner;
  for (const line of lines) {
    ready = /^> (\d+) /.exec(line)?.[1] ?? ready;
    const [, became, role = "", term] = /INFO (\d+) became ([\w-]+) at term (\d+)/.exec(line) ?? [];
    if (became !== undefined) {
      const id = nodeOf(became);
      facts.set(`term of ${id}`, { expected: Number(term), seen: (run) => run.cluster.state(id).term });
      facts.set(`role of ${id}`, { expected: role, seen: (run) => run.cluster.state(id).role });
      facts.delete(`vote of ${id}`);
    }
    const [, switched, config] = /INFO (\d+) switched to configuration (.*)$/.exec(line) ?? [];
    if (switched !== undefined) {
      const id = nodeOf(switched);
      const seen = ({ cluster }: Interaction) => {
        const { log, commitIndex } = cluster.state(id);
        return printed(log.membershipAt(commitIndex));
      };
      facts.set(`members by ${id}`, { expected: config, seen });
    }
    const [hard, hardTerm, , vote, commit] = /HardState Term:(\d+)( Vote:(\d+))? Commit:(\d+)/.exec(line) ?? [];
    if (hard !== undefined && ready !== undefined) {
      const id = nodeOf(ready);
      facts.set(`term of ${id}`, { expected: Number(hardTerm), seen: (run) => run.cluster.state(id).term });
      const votedFor = vote === undefined ? null : nodeOf(vote);
      facts.set(`vote of ${id}`, { expected: votedFor, seen: (run) => run.cluster.state(id).votedFor });
      facts.set(`commit index of ${id}`, {
        expected: Number(commit),
        seen: (run) => run.cluster.state(id).commitIndex,
      });
    }
  }
  return facts;
}
