import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Fact, factsOf } from "./test-facts.ts";
import { Interaction } from "./test-interaction.ts";
import { readScript } from "./test-script.ts";

const folder = join(import.meta.dirname, "../../../../shared/fixtures/raft-testdata/testdata");
const page = readFileSync(join(import.meta.dirname, "../../../docs/raft-fixtures.md"), "utf8");

/** Of each script, by the page: how many facts are compared, and the lines of commands whose facts are not. */
const rows = new Map(
  [...page.matchAll(/^\| `(\w+\.txt)` \| (\d+) \| (.*) \|$/gm)].map(([, file = "", compared, why = ""]) => {
    const from = Number(/^from line (\d+):/.exec(why)?.[1] ?? Number.POSITIVE_INFINITY);
    const lines = /^lines? ([\d, ]+):/.exec(why)?.[1]?.split(",").map(Number) ?? [];
    return [file, { compared: Number(compared), whole: why.startsWith("all:"), from, lines }];
  }),
);

describe.skipIf(!existsSync(folder))(`etcd's interaction scripts in ${folder} (skipped where absent)`, () => {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const played = [...rows].filter(([, { whole }]) => !whole);

  test("the page has a row for each of the 28", () => {
    expect([...rows.keys()].sort()).toEqual(files.sort());
    expect(files).toHaveLength(28);
  });

  test.each(played)("%s", (file, { compared, from, lines }) => {
    const script = readScript(readFileSync(join(folder, file), "utf8"));
    const run = new Interaction(script);
    let count = 0;
    for (const scriptCase of script) {
      if (scriptCase.line >= from) break;
      run.run(scriptCase);
      if (lines.includes(scriptCase.line)) continue;
      const facts = factsOf(scriptCase);
      count += facts.length;
      expect(seen(facts, run), `${file}:${scriptCase.line}`).toEqual(expected(facts));
    }
    expect(count, "facts compared, by the page").toBe(compared);
    expect(count).toBeGreaterThan(0);
  });

  test("Figure 7 is repaired with as many refused probes as etcd's leader sends", () => {
    const text = readFileSync(join(folder, "probe_and_replicate.txt"), "utf8");
    const script = readScript(text);
    const run = new Interaction(script);
    const lastCampaign = script.findLastIndex(({ command }) => command === "campaign");
    for (const scriptCase of script.slice(0, lastCampaign)) run.run(scriptCase);
    const before = run.refusedAppends;
    for (const scriptCase of script.slice(lastCampaign)) run.run(scriptCase);
    const refused = new Set([...text.matchAll(/\d->1 MsgAppResp .* Rejected/g)].map(([line]) => line));
    expect(refused.size).toBe(5);
    expect(run.refusedAppends - before).toBe(refused.size);
  });
});

function seen(facts: readonly Fact[], run: Interaction): Record<string, unknown> {
  return Object.fromEntries(facts.map(({ what, seen }) => [what, seen(run)]));
}

function expected(facts: readonly Fact[]): Record<string, unknown> {
  return Object.fromEntries(facts.map(({ what, expected }) => [what, expected]));
}
