import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ConfigResult, configProblems, enterJoint, leaveJoint, simpleChange } from "./config-change.ts";
import { isVoter, membersOf, votersOnly } from "./membership.ts";
import { votersMayFollowAtOnce } from "./rules/membership.ts";
import { editsOf, printed } from "./test-interaction.ts";
import { readScript, type ScriptCase } from "./test-script.ts";
import type { Membership } from "./types.ts";

const folder = join(import.meta.dirname, "../../../../shared/fixtures/raft-testdata/confchange/testdata");

describe.skipIf(!existsSync(folder))("the algebra of members agrees with etcd's cases", () => {
  const files = existsSync(folder) ? readdirSync(folder) : [];

  test("all 58 cases are there", () => {
    expect(files.flatMap((file) => readScript(readFileSync(join(folder, file), "utf8")))).toHaveLength(58);
  });

  test.each(files)("%s", (file) => {
    const members = new KnownMembers();
    for (const scriptCase of readScript(readFileSync(join(folder, file), "utf8"))) {
      expect(members.run(scriptCase), `line ${scriptCase.line}`).toBe(scriptCase.expected);
    }
  });
});

/** A membership with what etcd keeps of each member: how many cases came before it was added. */
class KnownMembers {
  #membership: Membership = votersOnly([]);
  #added = new Map<string, number>();
  #cases = 0;

  run(scriptCase: ScriptCase): string {
    const result = changed(this.#membership, scriptCase);
    const earlierCases = this.#cases++;
    if ("problem" in result) return configProblems[result.problem];
    this.#membership = result.membership;
    const members = membersOf(result.membership);
    this.#added = new Map(members.map((node) => [node, this.#added.get(node) ?? Math.max(1, earlierCases)]));
    return [
      printed(this.#membership),
      ...[...members].sort((a, b) => numberOf(a) - numberOf(b)).map((node) => this.#progress(node)),
    ].join("\n");
  }

  #progress(node: string): string {
    const learner = isVoter(this.#membership, node) ? "" : " learner";
    return `${numberOf(node)}: StateProbe match=0 next=${this.#added.get(node)}${learner}`;
  }
}

function changed(membership: Membership, { command, args, input }: ScriptCase): ConfigResult {
  if (command === "leave-joint") return leaveJoint(membership);
  const edits = editsOf(input);
  if (command === "simple") return simpleChange(membership, edits, votersMayFollowAtOnce);
  return enterJoint(membership, edits, args.get("autoleave")?.[0] === "true");
}

function numberOf(node: string): number {
  return Number(node.slice(1));
}
