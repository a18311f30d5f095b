import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Results } from "../analysis/results.ts";
import { makePlan } from "../controller/plan/plan.ts";
import { judgeSimulated, simulateRun } from "../controller/run/simulate-run.ts";
import { bugs } from "../sut/memory/bugs.ts";
import type { Simulation, SimulationOptions } from "../sut/simulatable.ts";
import type { Client, System } from "../sut/system.ts";
import { workloads } from "./registry.ts";
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

/** What comes of the workload on the in-process store, in virtual time. */
async function judge(workload: Workload, how: { seed?: number; bug?: string; lost?: number }): Promise<Results> {
  const { seed: ownSeed = seed, bug = "none", lost = 0 } = how;
  const options = { system: "memory", backend: "sim", workload: workload.name, concurrency: 12, timeLimit: "4s" };
  const plan = makePlan({ ...options, rate: 400, set: { bug, lost, delayMs: 4 } }, ownSeed);
  const run = await simulateRun({ ...plan, system: offeringOnly(workload, plan.system) });
  return judgeSimulated(plan, run);
}

/** A workload says which operations it needs, so that a plan can refuse it; it must not ask for others. */
function offeringOnly({ name, operations }: Workload, system: System): System {
  const { begin, ...simulated } = system.simulated!;
  const client = (inner: Client): Client => ({
    close: () => inner.close(),
    invoke: (asked, timeoutMs) => {
      if (operations.some((needed) => needed === asked.f)) return inner.invoke(asked, timeoutMs);
      throw new Error(`${name} asked for ${asked.f}, which it does not say that it needs`);
    },
  });
  const guarded = (options: SimulationOptions): Simulation => {
    const { system: inner, ...simulation } = begin(options);
    return { ...simulation, system: { ...inner, client: (...how) => client(inner.client(...how)) } };
  };
  return { ...system, simulated: { ...simulated, begin: guarded } };
}

/** The bugs that a page lists under what the workload finds. */
function findsOf(page: string): string[] {
  const section = page.split("## What it finds")[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^- `([a-z-]+)`/gm)].map(([, name]) => name!);
}
