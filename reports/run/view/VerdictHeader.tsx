import { duration } from "../../../analysis/words.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import { Answer } from "../../ui/Answer.tsx";
import { Essential } from "../../ui/Essential.tsx";
import { asSentence, formatCount, formatDate, totalOf } from "../../ui/format.ts";
import type { RunDigest } from "../digest/types.ts";
import { Causes } from "./Causes.tsx";
import { planLines } from "./planLines.ts";

/** The answer in one sentence, and the few numbers that say how much stands behind it. */
export function VerdictHeader({ digest }: { digest: RunDigest }) {
  const { operations, faults, changes, elections, durationNs } = digest.essentials;
  const ineffective = faults.injected - faults.effective;
  return (
    <Answer verdict={digest.verdict} sentence={asSentence(digest.summary)}>
      {digest.test?.mutant && <MutantNote mutant={digest.test.mutant} />}
      {digest.verdict === "unknown" && <Causes checkers={digest.checkers} />}
      {digest.test && <ChangedSettings test={digest.test} />}
      <dl class="essentials">
        <Essential label="operations" value={formatCount(totalOf(operations))}>
          <span class="ok">{formatCount(operations.ok)} ok</span>,{" "}
          <span class="fail">{formatCount(operations.fail)} fail</span>,{" "}
          <span class="info">{formatCount(operations.info)} info</span>
        </Essential>
        <Essential label="faults" value={formatCount(faults.injected)}>
          {faults.injected === 0 ? "none recorded" : `${formatCount(faults.effective)} effective`}
          {ineffective > 0 && <strong class="alarm">, {formatCount(ineffective)} without effect</strong>}
        </Essential>
        {changes.tried > 0 && (
          <Essential label="changes" value={formatCount(changes.tried)}>
            {formatCount(changes.made)} made by the cluster
          </Essential>
        )}
        {digest.nodes.length > 0 && (
          <Essential label="elections" value={formatCount(elections)}>
            new terms with a leader
          </Essential>
        )}
        <Essential label="duration" value={duration(durationNs / 1e6)}>
          {digest.test ? formatDate(digest.test.startedAt) : "of the history"}
        </Essential>
        {digest.test && (
          <Essential label="seed" value={String(digest.test.seed)}>
            {digest.test.system}, reads: {digest.test.readMode}
          </Essential>
        )}
      </dl>
    </Answer>
  );
}

/** A reader must not take the bug for one of the store's own. */
function MutantNote({ mutant }: { mutant: NonNullable<TestRecord["mutant"]> }) {
  return (
    <p class="mutant">
      The store is broken on purpose: <strong>{mutant.id}</strong> {mutant.name} ({mutant.breaks}).
    </p>
  );
}

/** What a reader has to know of this run that a run without options would not have. */
function ChangedSettings({ test }: { test: TestRecord }) {
  const { changed } = planLines(test);
  if (changed.length === 0) return null;
  return (
    <ul class="changed-settings" aria-label="Settings that differ from their defaults">
      {changed.map(({ name, value }) => (
        <li key={name}>
          {name} <strong>{value}</strong>
        </li>
      ))}
    </ul>
  );
}
