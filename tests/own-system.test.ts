import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shards } from "../examples/own-system/shards.ts";
import type { NodeRecord } from "../history/annotations.ts";
import { openHistory } from "../history/reader.ts";
import { type Outcome, type PlanOptions, runTest } from "../index.ts";
import type { System } from "../sut/system.ts";
import { firstToServe, primaryAndReplicas } from "./fake-systems.ts";

let store: string;
beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-own-system-"));
});
afterAll(() => rm(store, { recursive: true, force: true }));

function run(system: System, options: PlanOptions = {}): Promise<Outcome> {
  const small = { nodes: 3, timeLimit: "3s", rate: 100, concurrency: "4", seed: 7, minLoad: 0.1 };
  return runTest({ system: system.name, ...small, ...options, store }, { systems: [system] });
}

/** The roles that nodes had, in the order in which the observer first saw them. */
function rolesIn({ folder }: Outcome): readonly string[] {
  const records = [...openHistory(folder)].filter(({ process }) => process === "observer");
  return [...new Set(records.map(({ value }) => (value as NodeRecord).role))];
}

describe("a system of one's own, on local machines", { timeout: 120_000 }, () => {
  test("without a leader gets a verdict, and faults that need none", async () => {
    const outcome = await run(shards, { nemesis: ["pause"], timeLimit: "8s" });
    expect(outcome.results.summary).not.toContain("no node leads");
    expect(outcome.results.verdict).toBe("valid");
    expect(outcome.results.checkers).not.toHaveProperty("leaders");
  });

  test("is installed, configured, started in turn and formed into a cluster", async () => {
    const { results } = await run(firstToServe);
    expect(results.verdict).toBe("valid");
  });

  test("that cannot be installed says what is missing, and is not tested", async () => {
    const install = async () => Promise.reject(new Error("n1: no `stored` on its PATH; install the package stored"));
    const { results } = await run({ ...firstToServe, install });
    expect(results.verdict).toBe("unknown");
    expect(results.summary).toContain("install the package stored");
  });

  test("has roles of its own, and no administration", async () => {
    const outcome = await run(primaryAndReplicas);
    expect(outcome.results.verdict).toBe("valid");
    expect(rolesIn(outcome).toSorted()).toEqual(["primary", "replica"]);
    await expect(run(primaryAndReplicas, { nemesis: ["transfer"] })).rejects.toThrow(
      "transfer is a change to the cluster, which system primary-and-replicas does not support",
    );
  });

  test("is refused by name where it is not known", async () => {
    await expect(runTest({ system: "shards", store })).rejects.toThrow('system: got "shards"');
  });
});

test("docs/systems.md shows the example that is tested here", async () => {
  const page = await readFile(new URL("../docs/systems.md", import.meta.url), "utf8");
  for (const file of ["shards.ts", "server.mjs"]) {
    const text = await readFile(new URL(`../examples/own-system/${file}`, import.meta.url), "utf8");
    expect(page).toContain(text.replaceAll("../../index.ts", "keelhaul"));
  }
});
