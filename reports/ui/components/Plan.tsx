import type { TestRecord } from "../../../history/test-record.ts";
import type { RunDigest } from "../../digest/types.ts";
import { formatValue } from "../describe.ts";
import { formatDate, formatMs } from "../format.ts";
import { CommandBlock } from "./CommandBlock.tsx";

/** What was run, and how to run it again. */
export function Plan({ digest: { test } }: { digest: RunDigest }) {
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">What was run</h2>
      {test ? (
        <>
          <dl class="plan">
            {planLines(test).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <h3>Run it again</h3>
          <CommandBlock command={test.command} />
        </>
      ) : (
        <p class="note">The history was imported; how it was made is not recorded with it.</p>
      )}
    </section>
  );
}

function planLines(test: TestRecord): [string, string][] {
  return [
    ["system", test.system],
    ...(test.mutant ? [["mutant", `${test.mutant.id} ${test.mutant.name}`] as [string, string]] : []),
    ["read mode", test.readMode],
    ["knobs", knobs(test.knobs)],
    ...(test.world ? [["world", formatValue(test.world)] as [string, string]] : []),
    ["election timeout", formatMs(test.electionTimeoutMs)],
    ["backend", test.backend],
    ["nodes", test.nodes.join(", ")],
    ["workload", test.workloads.join(", ")],
    ["checkers", test.checkers?.join(", ") ?? "those of the workload"],
    ["faults", test.faults.map(({ name }) => name).join(", ") || "none"],
    ["rate", test.rate === 0 ? "as fast as possible" : `${test.rate} operations a second`],
    ["concurrency", `${test.concurrency} clients`],
    ["time limit", formatMs(test.timeLimitMs)],
    ["seed", String(test.seed)],
    ["started", formatDate(test.startedAt)],
    ["versions", `Keelhaul ${test.keelhaul}, Node ${test.versions.node}, ${test.versions.platform}`],
  ];
}

function knobs(values: TestRecord["knobs"]): string {
  const set = Object.entries(values).map(([name, value]) => `${name}=${formatValue(value)}`);
  return set.length > 0 ? set.join(", ") : "all at their defaults";
}
