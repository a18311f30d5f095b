import { plural } from "../../../analysis/words.ts";
import { asSentence, formatCount } from "../../ui/format.ts";
import type { RunDigest, ViolationGroup } from "../digest/types.ts";
import type { TimeView } from "./timeView.ts";
import { ViolationView } from "./ViolationView.tsx";

interface Props {
  digest: RunDigest;
  view: TimeView;
}

/** What contradicts what, a group a kind: how many there are, and one of them drawn; the others are one click away. */
export function Violations({ digest, view }: Props) {
  const { groups, violationCount } = digest;
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="contradictions">
      <h2 id="contradictions">{headingOf(violationCount)}</h2>
      {groups.map((group, at) => (
        <Group key={`${group.checker} ${group.kind}`} group={group} open={at === 0} digest={digest} view={view} />
      ))}
    </section>
  );
}

function Group({ group, open, digest, view }: Props & { group: ViolationGroup; open: boolean }) {
  const [first, ...others] = group.examples;
  const more = group.count - group.examples.length;
  return (
    <div class="violation-group">
      {group.count > 1 && <Tally group={group} />}
      <Example at={first!} open={open} digest={digest} view={view} />
      {others.length > 0 && (
        <details class="more-examples">
          <summary>{plural(others.length, "more example")} of this kind</summary>
          {others.map((at) => (
            <Example key={at} at={at} open={false} digest={digest} view={view} />
          ))}
        </details>
      )}
      {more > 0 && (
        <p class="note">
          {plural(group.examples.length, "example")} of {formatCount(group.count)}, the clearest first; results.json has
          the counts of all.
        </p>
      )}
    </div>
  );
}

function Tally({ group: { kind, meaning, count, keys, byNode } }: { group: ViolationGroup }) {
  return (
    <p class="tally">
      <strong>
        {formatCount(count)} × {kind}
      </strong>
      {meaning !== kind && <>: {meaning}</>}.{keys > 1 && <> The examples are of {plural(keys, "key")}.</>}
      {byNode.length > 0 && (
        <> By node: {byNode.map((each) => `${each.node}\u00a0${formatCount(each.count)}`).join(", ")}.</>
      )}
    </p>
  );
}

function Example({ at, open, digest, view }: Props & { at: number; open: boolean }) {
  const violation = digest.violations[at]!;
  return (
    <details class="violation" open={open}>
      <summary>
        <span class="kind">{violation.kind}</span>
        <span class="sentence">{asSentence(violation.sentence)}</span>
      </summary>
      <ViolationView violation={violation} faults={digest.faults} view={view} />
    </details>
  );
}

function headingOf(violationCount: number): string {
  if (violationCount === 0) return "Anomalies that the consistency model allows";
  return violationCount === 1 ? "Operations that contradict each other" : plural(violationCount, "contradiction");
}
