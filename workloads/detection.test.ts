import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { checkers } from "../analysis/registry.ts";
import type { Results } from "../analysis/results.ts";
import { bugs } from "../sut/memory/bugs.ts";
import { workloads } from "./registry.ts";
import { virtualRun } from "./test-support/virtual-run.ts";
import type { Workload } from "./workload.ts";

const folder = join(import.meta.dirname, "../docs/workloads");
const seed = Number(process.env["KEELHAUL_SEED"] ?? 1);

test("every workload has its page, every page a workload, and the index names all", () => {
  const names = workloads.map(({ name }) => name);
  const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ""));
  expect(pages.filter((page) => page !== "README").sort()).toEqual(names.toSorted());
  const index = readFileSync(join(folder, "README.md"), "utf8");
  for (const name of names) expect(index).toContain(`(${name}.md)`);
});

describe.each(workloads)("$name", (workload) => {
  const page = readFileSync(join(folder, `${workload.name}.md`), "utf8");
  const found = bugs.filter(({ name }) => findsOf(page).includes(name));

  test("its page names its operations, its checkers, and bugs that there are", () => {
    for (const name of [...workload.operations, ...workload.checkers]) expect(page).toContain(`\`${name}\``);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(findsOf(page)));
  });

  test("accuses a healthy store of nothing", async () => {
    expect(await judge(workload, {})).toMatchObject({ verdict: "valid" });
  });

  test("accuses a healthy store of nothing when answers get lost", async () => {
    for (const offset of [0, 1, 2]) {
      expect((await judge(workload, { seed: seed + offset, lost: 0.03 })).verdict).not.toBe("invalid");
    }
  });

  test.each(found)("finds $name", async ({ name }) => {
    const verdicts = [];
    for (const offset of [0, 1, 2]) verdicts.push((await judge(workload, { seed: seed + offset, bug: name })).verdict);
    expect(verdicts).toContain("invalid");
  });
});

async function judge(workload: Workload, how: { seed?: number; bug?: string; lost?: number }): Promise<Results> {
  const history = await virtualRun({ workload, seed, ...how });
  return analyze(
    history,
    workload.checkers.map((name) => checkers[name]),
  );
}

/** The bugs that a page lists under what the workload finds. */
function findsOf(page: string): string[] {
  const section = page.split("## What it finds")[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^- `([a-z-]+)`/gm)].map(([, name]) => name!);
}
